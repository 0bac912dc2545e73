using Pdm6.Wire;

namespace Pdm6.Capture.Analysis;

/// <summary>How the measured network marks its measurements.</summary>
public sealed record WireSettings
{
    /// <summary>The port of udp-frames unless told otherwise.</summary>
    public const ushort DefaultFramePort = 8250;

    /// <summary>The IPv6 option type that means PDMv2.</summary>
    public byte OptionType { get; init; } = Pdmv2OptionView.DefaultOptionType;

    /// <summary>The ExID that means PDMv2 among UDP options.</summary>
    public ushort ExId { get; init; } = UdpOption.DefaultExId;

    /// <summary>The UDP port, on either side, whose payloads are udp-frames.</summary>
    public ushort FramePort { get; init; } = DefaultFramePort;
}
