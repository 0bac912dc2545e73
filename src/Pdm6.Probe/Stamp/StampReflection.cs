using System.Buffers.Binary;
using Pdm6.Probe.Native;
using Pdm6.Probe.Reflecting;
using Pdm6.Wire;

namespace Pdm6.Probe.Stamp;

/// <summary>
/// STAMP session-reflector (RFC 8762 section 4.3). What follows the fixed part of a request comes back as it came: the
/// reply is as long as the request, and extensions (RFC 8972) are marked by their sender as not understood.
/// </summary>
internal sealed class StampReflection : IReflection
{
    private const long SessionIdleNs = 900_000_000_000; // REFWAIT of RFC 5357

    private readonly StampMode _mode;
    private readonly StampFields _fields;
    private readonly StampTimestampFormat _format;
    private readonly bool _isStateful;
    private readonly ReflectorCounters _counters;
    private readonly SourceLimiter _limiter;
    private readonly IdleTable<Session, Numbers> _sessions;

    /// <param name="mode">Authenticated or not; disposed with this.</param>
    /// <param name="format">How its instants are written.</param>
    /// <param name="isStateful">It numbers its replies by session; else a reply has its request's number.</param>
    /// <param name="limits">What it does at most.</param>
    /// <param name="counters">Where outcomes are counted.</param>
    internal StampReflection(
        StampMode mode, StampTimestampFormat format, bool isStateful, ReflectorLimits limits, ReflectorCounters counters)
    {
        (_mode, _fields, _format, _isStateful, _counters) = (mode, mode.Fields, format, isStateful, counters);
        _limiter = new SourceLimiter(limits.RepliesPerSecond, limits.Sources);
        _sessions = new IdleTable<Session, Numbers>(limits.Probers, SessionIdleNs);
    }

    public int LargestRequest => ProberOptions.LargestRequest;

    public int Reflect(in ReceivedDatagram request, in ReflectorTime now, Span<byte> reply)
    {
        ReflectorOutcome outcome = Admit(request, now, out uint number);
        _counters.Count(outcome);
        if (outcome != ReflectorOutcome.Answered)
            return 0;
        Write(request, now, number, reply[..request.Payload.Length]);
        return request.Payload.Length;
    }

    public void Dispose() => _mode.Dispose();

    private ReflectorOutcome Admit(in ReceivedDatagram request, in ReflectorTime now, out uint number)
    {
        number = 0;
        if (request.IsTruncated)
            return ReflectorOutcome.Oversized;
        if (request.Payload.Length < _fields.Size)
            return ReflectorOutcome.Malformed;
        if (!_mode.IsGenuine(request.Payload))
            return ReflectorOutcome.AuthenticationFailed;
        if (!_limiter.TryTake(request.Source.Address, now.MonotonicNs))
            return ReflectorOutcome.Limited;
        number = BinaryPrimitives.ReadUInt32BigEndian(request.Payload);
        if (!_isStateful)
            return ReflectorOutcome.Answered;
        if (_sessions.Find(new Session(request.Source, request.Destination), now.MonotonicNs) is not { } numbers)
            return ReflectorOutcome.NoRoom;
        number = numbers.Next++;
        return ReflectorOutcome.Answered;
    }

    private void Write(in ReceivedDatagram request, in ReflectorTime now, uint number, Span<byte> reply)
    {
        ReadOnlySpan<byte> asked = request.Payload;
        reply[.._fields.Size].Clear();
        asked[_fields.Size..].CopyTo(reply[_fields.Size..]);
        ulong receivedAt = request.StampedAtUnixNs > 0 ? request.StampedAtUnixNs : now.UnixNs;
        BinaryPrimitives.WriteUInt32BigEndian(reply, number);
        BinaryPrimitives.WriteUInt16BigEndian(reply[_fields.ErrorEstimate..], StampErrorEstimate.Create(now.ErrorNs, _format).Value);
        BinaryPrimitives.WriteUInt64BigEndian(reply[_fields.ReceiveTimestamp..], StampTimestamp.Write(receivedAt, _format));
        asked[..sizeof(uint)].CopyTo(reply[_fields.SenderSequence..]);
        asked.Slice(_fields.Timestamp, sizeof(ulong)).CopyTo(reply[_fields.SenderTimestamp..]);
        asked.Slice(_fields.ErrorEstimate, sizeof(ushort)).CopyTo(reply[_fields.SenderErrorEstimate..]);
        reply[_fields.SenderTtl] = request.HopLimit;
        BinaryPrimitives.WriteUInt64BigEndian(reply[_fields.Timestamp..], StampTimestamp.Write(now.SendUnixNs, _format));
        _mode.Sign(reply);
    }

    private readonly record struct Session(Endpoint Sender, Ipv6Address Reflector);

    private sealed class Numbers
    {
        internal uint Next { get; set; }
    }
}
