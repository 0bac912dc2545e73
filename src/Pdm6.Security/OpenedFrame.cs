using Pdm6.Wire;

namespace Pdm6.Security;

/// <summary>An authentic udp-frame of a context.</summary>
/// <param name="Context">The context whose key opened it.</param>
/// <param name="EpochIndex">The index of its epoch in the context's timetable; of a context without announcement the 12-bit
/// epoch.</param>
/// <param name="Header">Its header; the key id is the epoch.</param>
/// <param name="TlvsSize">Octets of its TLVs.</param>
/// <param name="Number">The sender's counter.</param>
/// <param name="Incarnation">The sender's incarnation.</param>
public readonly record struct OpenedFrame(
    ContextId Context, long EpochIndex, UdpFrameHeader Header, int TlvsSize, FrameNumber Number, IncarnationId Incarnation);
