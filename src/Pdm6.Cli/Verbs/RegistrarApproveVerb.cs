using System.CommandLine;
using Pdm6.Cli.Registration;
using Pdm6.Registration;

namespace Pdm6.Cli.Verbs;

/// <summary><c>pdm6 registrar approve</c>.</summary>
internal sealed class RegistrarApproveVerb : Verb
{
    internal RegistrarApproveVerb() : base(
        "approve",
        "Lets in a host that waits; compare the fingerprint with what 'pdm6 enroll' shows there.",
        "pdm6 registrar approve host-a",
        RegistrarPlace.Details)
    {
        RegistrarPlace place = new(this);
        Argument<string> who = new("WHO") { Description = "Its name or fingerprint, as 'pdm6 registrar participants' shows it." };
        Add(who);
        SetAction(async (parsed, _) =>
        {
            using RegistrarOperator registrar = place.Open(parsed);
            ParticipantDescription approved = await registrar.ApproveAsync(parsed.GetRequiredValue(who)).ConfigureAwait(false);
            await parsed.InvocationConfiguration.Error.WriteLineAsync(
                $"pdm6 registrar: {approved.Name} ({approved.Fingerprint}) gets its certificate when it asks again").ConfigureAwait(false);
            return ExitCode.Success;
        });
    }
}
