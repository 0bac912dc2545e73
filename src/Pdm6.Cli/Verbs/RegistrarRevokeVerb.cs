using System.CommandLine;
using Pdm6.Cli.Registration;
using Pdm6.Registration;

namespace Pdm6.Cli.Verbs;

/// <summary><c>pdm6 registrar revoke</c>.</summary>
internal sealed class RegistrarRevokeVerb : Verb
{
    internal RegistrarRevokeVerb() : base(
        "revoke",
        "Shuts a participant out for good, or sends away one that waits. A running registrar does it within a second.",
        "pdm6 registrar revoke host-a --reason 'stolen'",
        RegistrarPlace.Details)
    {
        RegistrarPlace place = new(this);
        Argument<string> who = new("WHO") { Description = "Its name or fingerprint, as 'pdm6 registrar participants' shows it." };
        Option<string> reason = new("--reason") { Description = "For the audit log.", DefaultValueFactory = _ => "" };
        Add(who);
        Add(reason);
        SetAction(async (parsed, _) =>
        {
            using RegistrarOperator registrar = place.Open(parsed);
            ParticipantDescription revoked = await registrar.RevokeAsync(
                parsed.GetRequiredValue(who), RegistrarOperator.Operator, parsed.GetRequiredValue(reason)).ConfigureAwait(false);
            await parsed.InvocationConfiguration.Error.WriteLineAsync(
                $"pdm6 registrar: {revoked.Name} ({revoked.Fingerprint}) is revoked; its name is free").ConfigureAwait(false);
            return ExitCode.Success;
        });
    }
}
