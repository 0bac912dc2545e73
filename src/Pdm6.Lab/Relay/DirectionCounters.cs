namespace Pdm6.Lab;

/// <summary>
/// What a relay did to the packets of one direction. A super-packet is one packet. When nothing is held:
/// <c>Received = Forwarded + Lost + Unwanted + HopLimitExceeded + TooLarge + SendFailed</c>.
/// </summary>
public sealed record DirectionCounters
{
    /// <summary>Packets taken in to be forwarded.</summary>
    public long Received { get; set; }
    /// <summary>Packets sent on, duplicates not counted.</summary>
    public long Forwarded { get; set; }
    /// <summary>Packets dropped on purpose.</summary>
    public long Lost { get; set; }
    /// <summary>Copies sent on top of the forwarded packets.</summary>
    public long Duplicated { get; set; }
    /// <summary>Packets that were kept longer so that others overtake them.</summary>
    public long HeldBack { get; set; }
    /// <summary>Packets that left after one that had come in later.</summary>
    public long Reordered { get; set; }
    /// <summary>Packets that carry a protected PDMv2 option.</summary>
    public long WithOption { get; set; }
    /// <summary>Packets sent on with a bit of their option flipped, duplicates counted: what must fail at the receiver.</summary>
    public long Tampered { get; set; }
    /// <summary>Packets dropped because their hop limit was used up.</summary>
    public long HopLimitExceeded { get; set; }
    /// <summary>Packets dropped because they were larger than the direction carries.</summary>
    public long TooLarge { get; set; }
    /// <summary>Packets dropped because of what was on them.</summary>
    public long Unwanted { get; set; }
    /// <summary>Packets sent on without a header that was on them.</summary>
    public long TakenOff { get; set; }
    /// <summary>Packets that the kernel refused to send.</summary>
    public long SendFailed { get; set; }
    /// <summary>Frames that were not for forwarding: multicast, link-local, for the router itself.</summary>
    public long NotForwarded { get; set; }
    /// <summary>Packets that the kernel lost before the relay saw them. Anything but 0 spoils a measurement.</summary>
    public long KernelDrops { get; set; }
}
