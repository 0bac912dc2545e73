using Pdm6.Lab;

namespace Pdm6.EndToEnd.Tests.Harm;

/// <summary>The octets of a stream: the same in every stream, and none like those some segments or buffers further on.</summary>
internal static class NumberedStream
{
    private const int Period = 8 * 131_071; // a prime number of words
    private const int LargestPart = 256 * 1024;
    private static readonly byte[] s_pattern = Pattern();

    /// <summary>The octets from <paramref name="offset"/> on; fewer than <paramref name="octets"/> if that is too many at once.</summary>
    internal static ReadOnlyMemory<byte> At(long offset, long octets) =>
        s_pattern.AsMemory((int)(offset % Period), (int)Math.Min(octets, LargestPart));

    private static byte[] Pattern()
    {
        byte[] pattern = new byte[Period + LargestPart];
        ReproducibleBody.Fill(pattern.AsSpan(0, Period), 0);
        pattern.AsSpan(0, LargestPart).CopyTo(pattern.AsSpan(Period));
        return pattern;
    }
}
