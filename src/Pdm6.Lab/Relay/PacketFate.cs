namespace Pdm6.Lab;

/// <summary>What became of a packet at the relay.</summary>
public enum PacketFate
{
    /// <summary>Sent on.</summary>
    Forwarded,
    /// <summary>Dropped on purpose.</summary>
    Lost,
    /// <summary>Dropped because its hop limit was used up.</summary>
    HopLimitExceeded,
    /// <summary>Dropped because it was larger than the direction carries.</summary>
    TooLarge,
    /// <summary>Dropped because of what was on it.</summary>
    Unwanted,
    /// <summary>Refused by the kernel on sending.</summary>
    SendFailed,
}
