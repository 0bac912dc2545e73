namespace Pdm6.Collector.Pairing;

/// <summary>
/// The time by which conversations fall silent: how far all agents have told, not how late it is. While the export of
/// one agent stalls, what it observed is still to come, and its conversations must not be closed.
/// </summary>
/// <param name="nowUnixNs">The wall clock.</param>
internal sealed class PairingClock(ulong nowUnixNs)
{
    private ulong _wallUnixNs = nowUnixNs;

    /// <summary>What this clock shows; it never goes back.</summary>
    public ulong UnixNs { get; private set; } = nowUnixNs;

    /// <summary>Goes on.</summary>
    /// <param name="nowUnixNs">The wall clock.</param>
    /// <param name="toldUnixNs">What happened until this instant has been told by every agent that is heard of.</param>
    public void Advance(ulong nowUnixNs, ulong toldUnixNs)
    {
        ulong elapsed = nowUnixNs - Math.Min(_wallUnixNs, nowUnixNs);
        _wallUnixNs = nowUnixNs;
        // At twice the pace at most: after a stall, reports may overtake the observations of the same time.
        UnixNs = Math.Max(UnixNs, Math.Min(Math.Min(nowUnixNs, toldUnixNs), UnixNs + 2 * elapsed));
    }
}
