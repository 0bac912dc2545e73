using Pdm6.Wire;

namespace Pdm6.Registration.Radius;

/// <summary>An answer whose sender is known to share the secret.</summary>
internal sealed record RadiusAnswer
{
    /// <summary>What it says.</summary>
    public required RadiusAnswerKind Kind { get; init; }

    /// <summary>The texts of all Reply-Messages in their order, fit to be shown; or why there is no answer.</summary>
    public string Message { get; init; } = "";

    /// <summary>Every Framed-IPv6-Prefix and Delegated-IPv6-Prefix, in their order.</summary>
    public IReadOnlyList<Ipv6Prefix> Prefixes { get; init; } = [];

    /// <summary>The Filter-Ids and Classes that begin with <c>pdm6:</c>, what is behind it.</summary>
    public IReadOnlyList<string> Words { get; init; } = [];

    /// <summary>One of its prefixes was none: too long, or with bits behind its length.</summary>
    public bool HasBadPrefix { get; init; }
}
