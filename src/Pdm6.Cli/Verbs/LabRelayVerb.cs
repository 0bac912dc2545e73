using System.CommandLine;
using Pdm6.Lab;

namespace Pdm6.Cli.Verbs;

/// <summary><c>pdm6 lab relay</c>.</summary>
internal sealed class LabRelayVerb : Verb
{
    internal LabRelayVerb() : base(
        "relay",
        "Forwards IPv6 between two interfaces with delay, loss, duplicates, reordering and tampering.",
        "pdm6 lab relay --config relay.json")
    {
        Option<string> configuration = new("--config") { Description = "The relay's configuration (JSON).", Required = true };
        Add(configuration);
        SetAction(async (parsed, stop) =>
        {
            await RelayCommand.RunAsync(
                parsed.GetRequiredValue(configuration), Console.In, parsed.InvocationConfiguration.Output,
                parsed.InvocationConfiguration.Error, stop).ConfigureAwait(false);
            return ExitCode.Success;
        });
    }
}
