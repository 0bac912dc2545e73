using Pdm6.Security.Identity;

namespace Pdm6.Security.Tests.Identity;

/// <summary>One who has a key and a certificate.</summary>
internal sealed record Participant(IdentityKey Key, byte[] Der)
{
    public ParticipantCertificate Certificate => ParticipantCertificate.TryParse(Der, out ParticipantCertificate? certificate, out string? error)
        ? certificate
        : throw new InvalidOperationException(error);
}
