using System.CommandLine;
using Pdm6.Cli.Registration;
using Pdm6.Registration;
using Pdm6.Wire;

namespace Pdm6.Cli.Verbs;

/// <summary><c>pdm6 registrar share</c>.</summary>
internal sealed class RegistrarShareVerb : Verb
{
    internal RegistrarShareVerb() : base(
        "share",
        "Lets several endpoints announce the same addresses at once (anycast, failover).",
        "pdm6 registrar share 2001:db8:53::/64",
        RegistrarPlace.Details)
    {
        RegistrarPlace place = new(this);
        Argument<string> prefix = new("PREFIX") { Description = "The addresses." };
        Option<bool> undo = new("--undo") { Description = "Take it back, for announcements to come." };
        Add(prefix);
        Add(undo);
        SetAction(async (parsed, _) =>
        {
            Ipv6Prefix shared = PrefixArgument.Parse(parsed.GetRequiredValue(prefix));
            using RegistrarOperator registrar = place.Open(parsed);
            await (parsed.GetValue(undo) ? registrar.UnshareAsync(shared) : registrar.ShareAsync(shared)).ConfigureAwait(false);
            return ExitCode.Success;
        });
    }
}
