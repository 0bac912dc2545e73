namespace Pdm6.Probe;

/// <summary>The ports that are used unless told otherwise.</summary>
public static class ProbePorts
{
    /// <summary>udp-frame: the number of the RFC that began it all.</summary>
    public const ushort UdpFrame = 8250;

    /// <summary>STAMP (RFC 8762 section 4.1).</summary>
    public const ushort Stamp = 862;

    /// <summary>The port of a protocol.</summary>
    public static ushort Of(ProbeProtocol protocol) => protocol == ProbeProtocol.Stamp ? Stamp : UdpFrame;
}
