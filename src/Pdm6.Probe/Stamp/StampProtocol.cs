using System.Buffers.Binary;
using Pdm6.Measurement;
using Pdm6.Probe.Sessions;

namespace Pdm6.Probe.Stamp;

/// <summary>STAMP session-sender (RFC 8762).</summary>
/// <param name="mode">Authenticated or not; disposed with this.</param>
/// <param name="format">How instants are written.</param>
/// <param name="size">Octets of a request; what the fixed part leaves is zeros.</param>
/// <param name="isStateful">The reflector numbers its replies by itself, so that the direction of a loss can be
/// told.</param>
internal sealed class StampProtocol(StampMode mode, StampTimestampFormat format, int size, bool isStateful) : IProbeProtocol
{
    private readonly StampFields _fields = mode.Fields;
    private ulong _lastSentAtUnixNs; // which turn of the 32 bits of seconds a reply's instants belong to

    public int RequestSize => size;

    public bool CanClose => isStateful;

    public void WriteRequest(in RequestFacts request, Span<byte> packet)
    {
        packet = packet[..size];
        packet.Clear();
        BinaryPrimitives.WriteUInt32BigEndian(packet, request.Index);
        BinaryPrimitives.WriteUInt64BigEndian(packet[_fields.Timestamp..], StampTimestamp.Write(request.NowUnixNs, format));
        BinaryPrimitives.WriteUInt16BigEndian(
            packet[_fields.ErrorEstimate..], StampErrorEstimate.Create(request.ClockErrorNs, format).Value);
        mode.Sign(packet);
        _lastSentAtUnixNs = request.NowUnixNs;
    }

    public bool TryReadReply(ReadOnlySpan<byte> packet, out ReplyFacts reply)
    {
        reply = default;
        if (!mode.IsGenuine(packet))
            return false;
        StampErrorEstimate estimate = new(BinaryPrimitives.ReadUInt16BigEndian(packet[_fields.ErrorEstimate..]));
        byte hopLimit = packet[_fields.SenderTtl];
        reply = new ReplyFacts
        {
            Index = BinaryPrimitives.ReadUInt32BigEndian(packet[_fields.SenderSequence..]),
            ReplyNumber = isStateful ? BinaryPrimitives.ReadUInt32BigEndian(packet) : null,
            RequestReceivedAtUnixNs = ReadInstant(packet, _fields.ReceiveTimestamp, estimate.Format),
            ReplySentAtUnixNs = ReadInstant(packet, _fields.Timestamp, estimate.Format),
            EchoedSentAtUnixNs = ReadInstant(packet, _fields.SenderTimestamp, format),
            ClockErrorNs = estimate.ErrorNs,
            HopsThere = hopLimit == 0 ? null : HopCount.Infer(hopLimit),
        };
        return true;
    }

    public void Dispose() => mode.Dispose();

    private ulong ReadInstant(ReadOnlySpan<byte> packet, int offset, StampTimestampFormat written) =>
        StampTimestamp.Read(BinaryPrimitives.ReadUInt64BigEndian(packet[offset..]), written, _lastSentAtUnixNs);
}
