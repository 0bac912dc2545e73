using System.Diagnostics.CodeAnalysis;
using Pdm6.Wire;

namespace Pdm6.Measurement;

/// <summary>
/// One PDM packet seen at one host: an <see cref="Observation"/> whose option was opened and authenticated. Copies of
/// a packet are given one by one, as they were observed.
/// </summary>
/// <param name="Flow">The flow of the packet.</param>
/// <param name="Context">The sender's context: a new one begins a new series.</param>
/// <param name="EpochIndex">Index of the epoch in the context's timetable (not the 12 bits on the wire).</param>
/// <param name="Psntp">Packet Sequence Number This Packet.</param>
/// <param name="Metrics">What the option said.</param>
/// <param name="ObservedAtNs">Unix time at the observer, nanoseconds.</param>
/// <param name="Accepted">The observer let this packet update PSNLR, DTLR and DTLS of the reverse flow.</param>
/// <param name="PayloadLength">Octets behind the upper-layer header.</param>
/// <param name="TcpFlags">TCP flags octet; 0 for other protocols.</param>
/// <param name="TcpSequence">TCP sequence number; 0 for other protocols.</param>
/// <param name="UpperChecksum">The upper layer's checksum as received.</param>
/// <param name="HopLimit">Hop limit as received.</param>
/// <param name="HasSent">The observer had sent a PDM packet in the reverse flow before.</param>
/// <param name="LastSentPsntp">The PSNTP of that packet.</param>
/// <param name="SinceSentNs">Time since it was sent; meaningful if <paramref name="Accepted"/>.</param>
/// <param name="Tag">A number of the caller's, such as its group; 0 for none. Everything that comes of a conversation
/// (a flow and its reverse) carries the last tag other than 0 that was given with either flow.</param>
public readonly record struct MeasuredPacket(
    in FlowKey Flow, UInt128 Context, long EpochIndex, uint Psntp, PdmMetrics Metrics, ulong ObservedAtNs, bool Accepted,
    ushort PayloadLength, byte TcpFlags, uint TcpSequence, ushort UpperChecksum, byte HopLimit, bool HasSent,
    uint LastSentPsntp, ulong SinceSentNs, int Tag = 0)
{
    private readonly FlowKey _flow = Flow;

    /// <summary>The flow of the packet.</summary>
    public FlowKey Flow
    {
        get => _flow;
        init => _flow = value;
    }

    /// <summary>The sender had received nothing: its PSNLR of 0 is not the number 0.</summary>
    internal bool IsSilent => Metrics is { Psnlr: 0, DeltaTimeLastReceived.IsZero: true };

    /// <summary>The same without a copy.</summary>
    [UnscopedRef]
    internal ref readonly FlowKey FlowInPlace => ref _flow;
}
