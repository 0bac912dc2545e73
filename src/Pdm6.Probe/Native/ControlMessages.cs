using System.Runtime.InteropServices;

namespace Pdm6.Probe.Native;

/// <summary>Walks over the control messages of one received message (cmsg(3)).</summary>
internal ref struct ControlMessages(ReadOnlySpan<byte> octets)
{
    internal const int HeaderSize = 16;
    private ReadOnlySpan<byte> _rest = octets;

    internal bool TryReadNext(out int level, out int type, out ReadOnlySpan<byte> value)
    {
        level = type = 0;
        value = default;
        if (_rest.Length < HeaderSize)
            return false;
        ControlHeader header = MemoryMarshal.Read<ControlHeader>(_rest);
        int length = (int)header.Length;
        if (length < HeaderSize || length > _rest.Length)
            return false;
        (level, type) = (header.Level, header.Type);
        value = _rest[HeaderSize..length];
        _rest = _rest[Math.Min(Aligned(length), _rest.Length)..];
        return true;
    }

    /// <summary>Writes one control message to the front of <paramref name="destination"/>; returns the octets it takes.</summary>
    internal static int Write<T>(Span<byte> destination, int level, int type, in T value) where T : unmanaged
    {
        int length = HeaderSize + Marshal.SizeOf<T>();
        MemoryMarshal.Write(destination, new ControlHeader { Length = (nuint)length, Level = level, Type = type });
        MemoryMarshal.Write(destination[HeaderSize..], value);
        return Aligned(length);
    }

    private static int Aligned(int length) => (length + 7) & ~7;
}
