using Pdm6.Cli.Registration;
using Pdm6.Registration;
using Pdm6.Registration.Contract;

namespace Pdm6.Cli.Verbs;

/// <summary><c>pdm6 registrar participants</c>.</summary>
internal sealed class RegistrarParticipantsVerb : Verb
{
    internal RegistrarParticipantsVerb() : base(
        "participants",
        "Lists who takes part, waits for approval, or was revoked.",
        "pdm6 registrar participants",
        RegistrarPlace.Details)
    {
        RegistrarPlace place = new(this);
        SetAction(async (parsed, stop) =>
        {
            using RegistrarOperator registrar = place.Open(parsed);
            IReadOnlyList<ParticipantDescription> participants = await registrar.ParticipantsAsync(stop).ConfigureAwait(false);
            foreach (ParticipantDescription participant in participants)
                await parsed.InvocationConfiguration.Output.WriteLineAsync(
                    ($"{participant.Name}  {RoleText.Of(participant.Role)}  {participant.State}  {participant.Fingerprint}  "
                    + (participant.CertificateEnds is { } end ? $"until {HpkeKeyText.Utc(end)}  " : "")
                    + $"by {participant.Source}  {string.Join(' ', participant.Prefixes)}").TrimEnd()).ConfigureAwait(false);
            return ExitCode.Success;
        });
    }
}
