namespace Pdm6.Measurement;

/// <summary>The bounds of a <see cref="FlowMeter"/>. Times are nanoseconds of the clock that the caller passes in.</summary>
public sealed record MeasurementOptions
{
    /// <summary>
    /// How long a conversation must be silent before its last exchange is closed. Also the reorder window: what two
    /// observers report of one exchange may come in any order within it. Default 2 s.
    /// </summary>
    public ulong IdleCloseNs { get; init; } = 2_000_000_000;

    /// <summary>How long a silent conversation is remembered. Longer than the time in which an option could be
    /// replayed (two epochs and the grace), so that a copy is known as a copy. Default 150 s.</summary>
    public ulong ForgetAfterNs { get; init; } = 150_000_000_000;

    /// <summary>
    /// Every conversation has a time of its own: its packets are given in their order, but those of different
    /// conversations in any order, as a replay does that keeps to one conversation for a while. A conversation is then
    /// closed when its next packet comes late enough or by <see cref="FlowMeter.Flush"/>, and forgotten only when there
    /// are too many.
    /// </summary>
    public bool HasTimePerConversation { get; init; }

    /// <summary>Conversations kept, about 1.2 kB each; the one silent for longest gives way. Default 65,536.</summary>
    public int MaxFlows { get; init; } = 65_536;

    /// <summary>Packets remembered over all conversations, about 100 octets each; the oldest gives way. Must hold what
    /// arrives while the slower of two observers lags behind. Default 262,144.</summary>
    public int MaxPackets { get; init; } = 262_144;

    /// <summary>A round trip whose error bound exceeds both this and 1/32 of itself is no sample (a short difference
    /// of two long deltas is mostly rounding). Default 50 us.</summary>
    public long MaxRoundTripErrorNs { get; init; } = 50_000;

    /// <summary>What can take the short way takes it (<see cref="NextPackets"/>). A test compares both.</summary>
    internal bool HasShortWay { get; init; } = true;

    internal void Validate()
    {
        ArgumentOutOfRangeException.ThrowIfZero(IdleCloseNs);
        ArgumentOutOfRangeException.ThrowIfLessThan(ForgetAfterNs, IdleCloseNs);
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxFlows, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxPackets, 64);
        ArgumentOutOfRangeException.ThrowIfNegative(MaxRoundTripErrorNs);
    }
}
