using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;

namespace Pdm6.Security.Native;

/// <summary>Tells the processor what will be read soon. A hint: it neither reads nor faults.</summary>
internal static class Prefetch
{
    private const int LineSize = 64;

    /// <summary>The cache lines of a value.</summary>
    public static unsafe void Value<T>(ref readonly T value)
        where T : unmanaged => Lines(ref Unsafe.As<T, byte>(ref Unsafe.AsRef(in value)), sizeof(T));

    /// <summary>The cache lines of some memory.</summary>
    public static void Octets(ReadOnlySpan<byte> octets) =>
        Lines(ref MemoryMarshal.GetReference(octets), octets.Length);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static unsafe void Lines(ref byte first, int size)
    {
        if (!Sse.IsSupported || size == 0)
            return;
        // The address may be stale by the time it is used: then the wrong line is fetched, and nothing else happens.
        byte* start = (byte*)Unsafe.AsPointer(ref first);
        for (int offset = 0; offset < size; offset += LineSize)
            Sse.Prefetch0(start + offset);
        Sse.Prefetch0(start + size - 1);
    }
}
