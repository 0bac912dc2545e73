namespace Pdm6.Lab;

/// <summary>What the relay does to the packets of one direction.</summary>
public sealed record Impairments
{
    /// <summary>Time that every packet is kept.</summary>
    public double DelayMilliseconds { get; init; }

    /// <summary>Up to this much is added to the delay, evenly distributed. It never changes the order: a packet waits for
    /// the one before it.</summary>
    public double JitterMilliseconds { get; init; }

    /// <summary>Packets that are dropped.</summary>
    public Selection Loss { get; init; } = Selection.None;

    /// <summary>Packets that are sent twice.</summary>
    public Selection Duplication { get; init; } = Selection.None;

    /// <summary>Time between a packet and its duplicate.</summary>
    public double DuplicateLagMilliseconds { get; init; }

    /// <summary>Packets that are held back for <see cref="HoldBackMilliseconds"/>, so that later ones overtake them.</summary>
    public Selection Reordering { get; init; } = Selection.None;

    /// <summary>Time that a packet chosen by <see cref="Reordering"/> is kept on top of the delay.</summary>
    public double HoldBackMilliseconds { get; init; } = 5;

    /// <summary>
    /// Packets in whose PDMv2 option one bit is flipped. Only packets with a protected option count, so ordinal 1 is the
    /// first such packet. The bit is one of PSNTP, ciphertext and tag: what the tag must catch.
    /// </summary>
    public Selection Tampering { get; init; } = Selection.None;

    /// <summary>Packets that are dropped because of what is on them.</summary>
    public UnwantedPackets Unwanted { get; init; } = UnwantedPackets.None;

    /// <summary>Packets larger than this (segments, where a packet is a super-packet) are dropped; 0 for no limit.</summary>
    public int LargestPacket { get; init; }

    /// <summary>Seed of all that is left to chance in this direction.</summary>
    public int Seed { get; init; } = 1;

    internal void Validate(string name)
    {
        foreach ((string field, double value) in new[]
        {
            ("delayMilliseconds", DelayMilliseconds), ("jitterMilliseconds", JitterMilliseconds),
            ("duplicateLagMilliseconds", DuplicateLagMilliseconds), ("holdBackMilliseconds", HoldBackMilliseconds),
        })
        {
            if (!(value is >= 0 and <= 60_000))
                throw new RelayConfigurationException($"{name}.{field} must be between 0 and 60000.");
        }
        if (LargestPacket < 0)
            throw new RelayConfigurationException($"{name}.largestPacket must not be negative.");
        Loss.Validate($"{name}.loss");
        Duplication.Validate($"{name}.duplication");
        Reordering.Validate($"{name}.reordering");
        Tampering.Validate($"{name}.tampering");
    }
}
