using Pdm6.Security.Announcements;

namespace Pdm6.Registration.Contract;

/// <summary>What happened after a version, as far as it concerns the caller. A page after version 0 holds all that is
/// live.</summary>
/// <param name="Version">Ask after this one next.</param>
/// <param name="More">There is more already: ask again at once.</param>
/// <param name="Announcements">For analyzers: those that name one of the caller's keys. For endpoints: those of contexts
/// that a live grant to the caller names.</param>
/// <param name="Grants">Those sealed to one of the caller's keys.</param>
/// <param name="Revoked">Identity fingerprints of participants that were revoked.</param>
/// <param name="AnalyzersChanged">The answer of <see cref="RegistrarRoutes.Analyzers"/> is another one now.</param>
public sealed record FeedPage(
    long Version,
    bool More,
    IReadOnlyList<SignedEnvelope> Announcements,
    IReadOnlyList<SignedEnvelope> Grants,
    IReadOnlyList<string> Revoked,
    bool AnalyzersChanged);
