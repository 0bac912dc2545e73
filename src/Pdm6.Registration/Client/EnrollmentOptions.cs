using Pdm6.Security.Identity;
using Pdm6.Wire;

namespace Pdm6.Registration.Client;

/// <summary>Who wants to be enrolled where.</summary>
public sealed record EnrollmentOptions
{
    /// <summary>For example <c>https://registrar.example:8652</c>.</summary>
    public required Uri Registrar { get; init; }
    /// <summary>Fingerprint of the registrar's authority: that of the token.</summary>
    public required Fingerprint Authority { get; init; }
    /// <summary>What the operator handed out; a secret.</summary>
    public required string Token { get; init; }
    /// <summary>The directory to make.</summary>
    public required string Directory { get; init; }
    /// <summary>The participant's name (<see cref="ParticipantName"/>).</summary>
    public required string Name { get; init; }
    /// <summary>What it is to be.</summary>
    public Role Role { get; init; } = Role.Endpoint;
    /// <summary>Fewer prefixes than the token allows; empty for all of them.</summary>
    public IReadOnlyList<Ipv6Prefix> Prefixes { get; init; } = [];
}
