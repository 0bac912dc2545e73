using System.CommandLine;
using Pdm6.Cli.Demo;

namespace Pdm6.Cli.Verbs;

/// <summary><c>pdm6 demo</c>.</summary>
internal sealed class DemoVerb : Verb
{
    internal DemoVerb() : base(
        "demo",
        "Measures real traffic between two hosts made of network namespaces and says where its time goes.",
        "pdm6 demo --seconds 15")
    {
        Option<int> seconds = new("--seconds") { Description = "How long to measure.", DefaultValueFactory = _ => 15 };
        Option<bool> hold = new("--hold") { Description = "Keep the collector's page up until Ctrl-C." };
        Option<string?> keep = new("--keep") { Description = "A directory for captures, sealed announcements, the analyzer's key and summary.json." };
        Option<double> tamper = new("--tamper")
        {
            Description = "Let the router flip a bit in this share of options, percent.",
            DefaultValueFactory = _ => 0,
        };
        Option<double> delay = new("--delay")
        {
            Description = "How long the router keeps packets, milliseconds each way.",
            DefaultValueFactory = _ => DemoOptions.UsualDelayMilliseconds,
        };
        Add(seconds);
        Add(hold);
        Add(keep);
        Add(tamper);
        Add(delay);
        SetAction((parsed, stop) =>
        {
            DemoOptions options = new(
                parsed.GetRequiredValue(seconds), parsed.GetValue(hold), parsed.GetValue(keep), parsed.GetRequiredValue(tamper),
                parsed.GetRequiredValue(delay));
            options.Validate();
            return DemoRun.RunAsync(options, parsed.InvocationConfiguration.Output, stop);
        });
    }
}
