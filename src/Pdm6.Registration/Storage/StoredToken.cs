using Pdm6.Security.Identity;
using Pdm6.Wire;

namespace Pdm6.Registration.Storage;

/// <summary>What is kept of a token: not its secret.</summary>
internal sealed record StoredToken
{
    /// <summary>16 hexadecimal digits.</summary>
    public required string Id { get; init; }
    /// <summary>SHA-256 of the secret.</summary>
    public required byte[] SecretHash { get; init; }
    public required Role Role { get; init; }
    public required IReadOnlyList<Ipv6Prefix> Prefixes { get; init; }
    /// <summary>How many participants it may enrol.</summary>
    public required long Uses { get; init; }
    /// <summary>How many it has enrolled.</summary>
    public long Used { get; init; }
    public required long ExpiresNs { get; init; }
    public required bool NeedsApproval { get; init; }
    public required long CreatedNs { get; init; }
    /// <summary>0: not revoked.</summary>
    public long RevokedNs { get; init; }
}
