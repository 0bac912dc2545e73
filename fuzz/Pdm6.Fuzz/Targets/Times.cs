using Pdm6.Fuzz.Engine;
using Pdm6.Wire;

namespace Pdm6.Fuzz.Targets;

/// <summary>What holds for every <see cref="PdmTime"/>.</summary>
internal static class Times
{
    /// <summary>Checks one, and says coarsely what it was, 0 to 3.</summary>
    public static int Check(PdmTime time)
    {
        long nanoseconds = time.ToNanoseconds();
        Expect.That(nanoseconds >= 0 && time.UncertaintyNanoseconds() > 0, "a time is not negative and never exact");
        PdmTime again = PdmTime.FromNanoseconds((ulong)nanoseconds);
        long shortfall = nanoseconds - again.ToNanoseconds();
        Expect.That(shortfall >= 0 && shortfall <= again.UncertaintyNanoseconds(), "an encoded time is short by at most its uncertainty");
        Expect.That(again.Value >= 0x8000 || again.Scale == 0, "an encoded time is normalised");
        return time.IsZero ? 0 : nanoseconds == 0 ? 1 : nanoseconds == long.MaxValue ? 2 : 3;
    }

    /// <summary>Checks a metric block: decode then encode is the identity but for the reserved octets, sent as 0.</summary>
    public static int Check(ReadOnlySpan<byte> metricBlock)
    {
        PdmMetrics metrics = PdmMetrics.Read(metricBlock);
        Span<byte> again = stackalloc byte[PdmMetrics.Size];
        metrics.Write(again);
        Expect.Equal(metricBlock[..10], again[..10], "decode then encode is the identity");
        Expect.That(again[10] == 0 && again[11] == 0, "reserved octets are sent as 0");
        Expect.Equal(metricBlock[12..], again[12..], "decode then encode is the identity");
        return Check(metrics.DeltaTimeLastReceived) + 4 * Check(metrics.DeltaTimeLastSent);
    }
}
