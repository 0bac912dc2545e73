using Pdm6.Wire;

namespace Pdm6.Probe.Native;

/// <summary>One datagram that came in, valid until the next batch is received.</summary>
internal ref struct ReceivedDatagram
{
    /// <summary>The UDP payload, as far as it fits the buffer.</summary>
    internal ReadOnlySpan<byte> Payload;

    /// <summary>It was longer than the buffer.</summary>
    internal bool IsTruncated;

    /// <summary>Who sent it.</summary>
    internal Endpoint Source;

    /// <summary>The address of this host that it was sent to.</summary>
    internal Ipv6Address Destination;

    /// <summary>The interface that it came in by.</summary>
    internal int InterfaceIndex;

    /// <summary>What was left of its hop limit.</summary>
    internal byte HopLimit;

    /// <summary>Its traffic class octet.</summary>
    internal byte TrafficClass;

    /// <summary>When the kernel saw it come in, Unix time; 0 if the kernel does not say.</summary>
    internal ulong StampedAtUnixNs;
}
