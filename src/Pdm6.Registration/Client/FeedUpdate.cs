using Pdm6.Security.Announcements;
using Pdm6.Security.Identity;

namespace Pdm6.Registration.Client;

/// <summary>What is new, verified.</summary>
/// <param name="IsComplete">Nothing more waits at the registrar: after the first of these, all that was live is known.</param>
/// <param name="Announcements">Contexts, in the order in which the registrar got them.</param>
/// <param name="Grants">Pair secrets sealed to us. A grant may come before the announcement of its context.</param>
/// <param name="Revoked">Participants that are to be believed no more.</param>
/// <param name="AnalyzersChanged">Ask for the analyzers again (<see cref="RegistrarClient.GetAnalyzersAsync"/>).</param>
/// <param name="Refused">What was not believed, a sentence each, for the log.</param>
public sealed record FeedUpdate(
    bool IsComplete,
    IReadOnlyList<Received<SealedAnnouncement>> Announcements,
    IReadOnlyList<Received<SealedGrant>> Grants,
    IReadOnlyList<Fingerprint> Revoked,
    bool AnalyzersChanged,
    IReadOnlyList<string> Refused)
{
    /// <summary>True if nothing happened.</summary>
    public bool IsEmpty =>
        Announcements.Count + Grants.Count + Revoked.Count + Refused.Count == 0 && !AnalyzersChanged;
}
