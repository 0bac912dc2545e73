namespace Pdm6.Security;

/// <summary>The carriages that a context announces: the bit of each is its <see cref="Carriage"/>.</summary>
[Flags]
public enum Carriages : byte
{
    /// <summary>No carriage: no context announces that.</summary>
    None = 0,
    /// <summary>The PDMv2 destination option.</summary>
    DestinationOptionV2 = 1 << Carriage.DestinationOptionV2,
    /// <summary>A UDP option in the surplus area.</summary>
    UdpOption = 1 << Carriage.UdpOption,
    /// <summary>Requests of a prober, in udp-frames. It enters no nonce: frames have a key of their own.</summary>
    ProbeRequests = 1 << 2,
    /// <summary>Replies of a reflector, in udp-frames.</summary>
    ProbeReplies = 1 << 3,
    /// <summary>Measurements of a kernel, in udp-frames.</summary>
    UdpFrames = 1 << 4,
}
