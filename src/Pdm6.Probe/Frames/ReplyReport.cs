using System.Buffers.Binary;
using Pdm6.Wire;

namespace Pdm6.Probe.Frames;

/// <summary>
/// What a reply of our reflector says in a CUSTOM TLV: which frame it answers, and what was counted of the prober's
/// requests up to here.
/// <code>
///  0 mark "P6R1" 4          28 duplicated 4
///  4 nonce of the request   32 reordered 4
/// 16 accepted 4             36 bound of the reflector's clock error, microseconds, FFFFFFFF if not known, 4
/// 20 limited 4
/// 24 reply number 4
/// </code>
/// The nonce binds the reply to one frame of one process: nothing recorded before can pass for it.
/// </summary>
internal readonly ref struct ReplyReport
{
    internal const int Size = 40;

    private const uint Mark = 0x50365231;
    private const uint UnknownError = uint.MaxValue;
    private const long NsPerMicrosecond = 1_000;

    /// <summary>The nonce of the request that is answered, 12 octets.</summary>
    internal required ReadOnlySpan<byte> RequestNonce { get; init; }

    /// <summary>The counts, the answered request included.</summary>
    internal required ReflectorCounts Counts { get; init; }

    /// <summary>The number of the reply among those to this prober, from 1; rises with each.</summary>
    internal required uint ReplyNumber { get; init; }

    /// <summary>By how much the reflector's clock is off at most; null if not known.</summary>
    internal required long? ClockErrorNs { get; init; }

    /// <summary>True if a CUSTOM value is a report. Other makers' values are anything.</summary>
    internal static bool IsReport(ReadOnlySpan<byte> value) =>
        value.Length == Size && BinaryPrimitives.ReadUInt32BigEndian(value) == Mark;

    /// <summary>Reads a CUSTOM value; false if it is none of ours.</summary>
    internal static bool TryRead(ReadOnlySpan<byte> value, out ReplyReport report)
    {
        report = default;
        if (!IsReport(value))
            return false;
        uint error = BinaryPrimitives.ReadUInt32BigEndian(value[36..]);
        report = new ReplyReport
        {
            RequestNonce = value.Slice(4, UdpFrame.NonceSize),
            Counts = new ReflectorCounts(
                BinaryPrimitives.ReadUInt32BigEndian(value[16..]), BinaryPrimitives.ReadUInt32BigEndian(value[20..]),
                BinaryPrimitives.ReadUInt32BigEndian(value[28..]), BinaryPrimitives.ReadUInt32BigEndian(value[32..])),
            ReplyNumber = BinaryPrimitives.ReadUInt32BigEndian(value[24..]),
            ClockErrorNs = error == UnknownError ? null : error * NsPerMicrosecond,
        };
        return true;
    }

    /// <summary>Writes <see cref="Size"/> octets.</summary>
    internal void Write(Span<byte> value)
    {
        BinaryPrimitives.WriteUInt32BigEndian(value, Mark);
        RequestNonce.CopyTo(value[4..]);
        BinaryPrimitives.WriteUInt32BigEndian(value[16..], Counts.Accepted);
        BinaryPrimitives.WriteUInt32BigEndian(value[20..], Counts.Limited);
        BinaryPrimitives.WriteUInt32BigEndian(value[24..], ReplyNumber);
        BinaryPrimitives.WriteUInt32BigEndian(value[28..], Counts.Duplicated);
        BinaryPrimitives.WriteUInt32BigEndian(value[32..], Counts.Reordered);
        long? microseconds = (ClockErrorNs + NsPerMicrosecond - 1) / NsPerMicrosecond;
        BinaryPrimitives.WriteUInt32BigEndian(value[36..], (uint)Math.Min(microseconds ?? UnknownError, UnknownError));
    }
}
