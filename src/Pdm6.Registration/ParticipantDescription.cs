using Pdm6.Security.Identity;
using Pdm6.Wire;

namespace Pdm6.Registration;

/// <summary>A participant as operators see it.</summary>
/// <param name="Fingerprint">Of its identity key.</param>
/// <param name="Name">What people call it.</param>
/// <param name="Role">What it may do.</param>
/// <param name="Prefixes">Its source addresses.</param>
/// <param name="State"><c>pending</c>, <c>approved</c> (it has not fetched its certificate yet), <c>active</c> or
/// <c>revoked</c>.</param>
/// <param name="Source">The id of the token that it enrolled with, or what else decided.</param>
/// <param name="CertificateEnds">End of its newest certificate; null before the first.</param>
public sealed record ParticipantDescription(
    Fingerprint Fingerprint, string Name, Role Role, IReadOnlyList<Ipv6Prefix> Prefixes, string State, string Source,
    DateTimeOffset? CertificateEnds);
