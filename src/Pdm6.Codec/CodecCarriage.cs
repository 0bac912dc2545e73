namespace Pdm6.Codec;

/// <summary>The formats that the codec reads, by the names of <c>docs/codec.md</c>.</summary>
public enum CodecCarriage
{
    /// <summary><c>destopt-v1</c>: RFC 8250.</summary>
    DestoptV1,
    /// <summary><c>destopt-v2-clear</c>: PDMv2 destination option, clear form.</summary>
    DestoptV2Clear,
    /// <summary><c>destopt-v2</c>: PDMv2 destination option, protected form.</summary>
    DestoptV2,
    /// <summary><c>destopt-v2-legacy</c>: drafts 11 to 14, read only.</summary>
    DestoptV2Legacy,
    /// <summary><c>udp-option-clear</c>: the surplus area of a UDP datagram with the clear form.</summary>
    UdpOptionClear,
    /// <summary><c>udp-option</c>: the surplus area of a UDP datagram with the protected form.</summary>
    UdpOption,
    /// <summary><c>udp-frame</c>: the whole payload of a UDP datagram.</summary>
    UdpFrame,
}
