using Pdm6.Security.Identity;
using Pdm6.Wire;

namespace Pdm6.Registration;

/// <summary>What a token is to allow.</summary>
public sealed record TokenRequest
{
    /// <summary>The role of those who enrol with it.</summary>
    public required Role Role { get; init; }

    /// <summary>The prefixes that they may ask for. An endpoint needs one at least.</summary>
    public IReadOnlyList<Ipv6Prefix> Prefixes { get; init; } = [];

    /// <summary>How many participants it enrols.</summary>
    public int Uses { get; init; } = 1;

    /// <summary>How long it may be used.</summary>
    public TimeSpan Lifetime { get; init; } = TimeSpan.FromHours(1);

    /// <summary>An operator must approve each enrolment.</summary>
    public bool NeedsApproval { get; init; }
}
