using Pdm6.Security.Identity;

namespace Pdm6.Registration.Identities;

/// <summary>What an enrolment asks for, or asked for: <c>enrollment.json</c>. Written before the first request, so that
/// whoever comes after a crash goes on with the same.</summary>
/// <param name="FormatVersion">1.</param>
/// <param name="Registrar">The registrar's address.</param>
/// <param name="Authority">Fingerprint of its authority.</param>
/// <param name="Name">The participant's name.</param>
/// <param name="Role">Its role.</param>
internal sealed record EnrollmentRecord(int FormatVersion, Uri Registrar, Fingerprint Authority, string Name, Role Role)
{
    public const int CurrentFormatVersion = 1;
}
