namespace Pdm6.Wire;

/// <summary>What carried the measurement that was observed. The values are shared with the kernel programs
/// (<c>enum pdm6_carriage</c> in <c>bpf/pdm6_abi.h</c>).</summary>
public enum ObservationCarriage : byte
{
    /// <summary>The destination option of version 2, protected; also any option whose form nobody could tell.</summary>
    DestinationOption = 0,
    /// <summary>The destination option of version 2 in clear.</summary>
    DestinationOptionClear = 1,
    /// <summary>The destination option of version 1 (RFC 8250).</summary>
    DestinationOptionV1 = 2,
    /// <summary>A UDP option (RFC 9868), protected; also one whose form nobody could tell.</summary>
    UdpOption = 3,
    /// <summary>A UDP option in clear.</summary>
    UdpOptionClear = 4,
    /// <summary>A udp-frame: the whole payload of its datagram.</summary>
    UdpFrame = 5,
}
