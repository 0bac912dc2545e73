using Pdm6.Collector;

namespace Pdm6.Cli.Verbs;

/// <summary><c>pdm6 collector config example</c>.</summary>
internal sealed class CollectorConfigurationExampleVerb : Verb
{
    internal CollectorConfigurationExampleVerb() : base(
        "example",
        "Prints a commented configuration to start from.",
        "pdm6 collector config example > collector.json")
    {
        SetAction(parsed => parsed.InvocationConfiguration.Output.Write(CollectorOptions.Example));
    }
}
