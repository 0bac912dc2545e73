using System.Buffers.Binary;

namespace Pdm6.Lab;

/// <summary>Bytes that look random and are the same every time: word n of 8 octets is a mix of n, so that a lost, doubled
/// or displaced one is seen.</summary>
public static class ReproducibleBody
{
    private const int WordSize = sizeof(ulong);

    /// <summary>Fills <paramref name="destination"/> with the octets from <paramref name="offset"/> on.</summary>
    /// <exception cref="ArgumentOutOfRangeException">An offset that is no multiple of 8.</exception>
    public static void Fill(Span<byte> destination, long offset)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(offset % WordSize, 0);
        ulong n = (ulong)(offset / WordSize);
        for (; destination.Length >= WordSize; destination = destination[WordSize..])
            BinaryPrimitives.WriteUInt64LittleEndian(destination, Mix(n++));
        Span<byte> last = stackalloc byte[WordSize];
        BinaryPrimitives.WriteUInt64LittleEndian(last, Mix(n));
        last[..destination.Length].CopyTo(destination);
    }

    // The finalizer of SplitMix64 (Steele, Lea, Flood 2014): every bit of n reaches every bit of the result.
    private static ulong Mix(ulong n)
    {
        ulong z = unchecked((n + 1) * 0x9e3779b97f4a7c15);
        z = unchecked((z ^ (z >> 30)) * 0xbf58476d1ce4e5b9);
        z = unchecked((z ^ (z >> 27)) * 0x94d049bb133111eb);
        return z ^ (z >> 31);
    }
}
