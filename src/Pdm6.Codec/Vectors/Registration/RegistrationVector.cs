using Pdm6.Security.Announcements;

namespace Pdm6.Codec.Vectors.Registration;

/// <summary>One envelope, what the gate says to it, and who opens what is in it.</summary>
/// <param name="Name">Its name, unique: kind first.</param>
/// <param name="About">What it is there for, one sentence.</param>
/// <param name="Kind">What it is taken for.</param>
/// <param name="Envelope">The envelope.</param>
/// <param name="Verdict">What the gate says.</param>
internal sealed record RegistrationVector(
    string Name, string About, EnvelopeKind Kind, SignedEnvelope Envelope, EnvelopeRefusal Verdict)
{
    /// <summary>Now, nanoseconds since the Unix epoch.</summary>
    public ulong NowUnixNs { get; init; } = RegistrationSample.NowUnixNs;

    /// <summary>The last sequence that was accepted of the sender; null: none.</summary>
    public ulong? LastSequence { get; init; }

    /// <summary>What each participant's key opens, if the envelope is accepted; null: nothing.</summary>
    public IReadOnlyList<(string Participant, byte[]? Secret)> Opens { get; init; } = [];

    /// <summary>How the sealed items came about, in their order.</summary>
    public IReadOnlyList<SealingSteps> Sealing { get; init; } = [];
}
