namespace Pdm6.Wire;

/// <summary>What a TLV of a udp-frame holds (protocol reference, section 4). Other types are kept and skipped.</summary>
public enum TlvType : ushort
{
    /// <summary>Round trip: u64, nanoseconds.</summary>
    RoundTrip = 1,
    /// <summary>Jitter: u64, nanoseconds.</summary>
    Jitter = 2,
    /// <summary>Hop count: u8.</summary>
    HopCount = 3,
    /// <summary>Loss rate: u32, parts per million.</summary>
    LossRate = 4,
    /// <summary>Receive time: u64, nanoseconds since the Unix epoch.</summary>
    ReceiveTime = 5,
    /// <summary>Send time: u64, nanoseconds since the Unix epoch.</summary>
    SendTime = 6,
    /// <summary>The 16 octets that destopt-v2 protects: <see cref="PdmMetrics"/>.</summary>
    Pdm = 7,
    /// <summary>Zeros, as many as one likes.</summary>
    Padding = 8,
    /// <summary>Any octets.</summary>
    Custom = 100,
}
