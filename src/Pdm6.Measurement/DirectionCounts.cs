namespace Pdm6.Measurement;

/// <summary>What was counted among the packets of one direction, flow or group (RFC 7680, RFC 5560, RFC 4737).</summary>
public struct DirectionCounts
{
    /// <summary>Packets observed, copies included.</summary>
    public long Packets { get; private set; }
    /// <summary>Numbers observed.</summary>
    public long Distinct { get; private set; }
    /// <summary>Further copies of one packet.</summary>
    public long Duplicated { get; private set; }
    /// <summary>First copies that came after a higher number.</summary>
    public long Reordered { get; private set; }
    /// <summary>Further segments of a super-packet.</summary>
    public long Ambiguous { get; private set; }
    /// <summary>Packets too far behind to tell a first copy from a further one.</summary>
    public long Late { get; private set; }
    /// <summary>Series begun.</summary>
    public long Series { get; private set; }
    /// <summary>Numbers between the first and the last of a series that did not come. Falls when one still comes. At
    /// most <see cref="Late"/> of them may have come after all.</summary>
    public long LostWithinSeries { get; private set; }

    /// <summary>Adds one packet.</summary>
    public void Add(in CountedPacket packet) => Add(packet.Class, packet.BeganSeries, packet.LostChange);

    /// <summary>Adds one packet.</summary>
    /// <param name="found">First copy, further copy or something else.</param>
    /// <param name="beganSeries">The packet began a new series.</param>
    /// <param name="lostChange">By how much it changes the count of missing numbers.</param>
    public void Add(PacketClass found, bool beganSeries, int lostChange)
    {
        Packets++;
        LostWithinSeries += lostChange;
        if (beganSeries)
            Series++;
        if (found is PacketClass.First or PacketClass.Reordered)
            Distinct++;
        switch (found)
        {
            case PacketClass.Reordered: Reordered++; break;
            case PacketClass.Duplicate: Duplicated++; break;
            case PacketClass.Ambiguous: Ambiguous++; break;
            case PacketClass.Late: Late++; break;
        }
    }

    /// <summary>Adds what was counted elsewhere.</summary>
    public void Add(in DirectionCounts other)
    {
        Packets += other.Packets;
        Distinct += other.Distinct;
        Duplicated += other.Duplicated;
        Reordered += other.Reordered;
        Ambiguous += other.Ambiguous;
        Late += other.Late;
        Series += other.Series;
        LostWithinSeries += other.LostWithinSeries;
    }
}
