using System.Buffers.Binary;

namespace Pdm6.Probe.Frames;

/// <summary>
/// What requests carry in a CUSTOM TLV where several runs share a sealer: the four octets "P6S1" and the run's number, 8
/// octets. The reflector counts each run by itself.
/// </summary>
internal static class RunMark
{
    internal const int Size = 12;

    internal static void Write(ulong run, Span<byte> value)
    {
        "P6S1"u8.CopyTo(value);
        BinaryPrimitives.WriteUInt64BigEndian(value[4..], run);
    }

    internal static bool TryRead(ReadOnlySpan<byte> value, out ulong run)
    {
        run = 0;
        if (value.Length != Size || !value.StartsWith("P6S1"u8))
            return false;
        run = BinaryPrimitives.ReadUInt64BigEndian(value[4..]);
        return true;
    }
}
