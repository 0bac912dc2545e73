namespace Pdm6.Measurement;

/// <summary>Routers that a packet passed, inferred from the hop limit it arrived with.</summary>
public static class HopCount
{
    /// <summary>
    /// The smallest usual initial hop limit (64, 128, 255) that is at least <paramref name="hopLimit"/>, minus it. An
    /// inference: a sender may start from any other number.
    /// </summary>
    public static int Infer(byte hopLimit) => (hopLimit <= 64 ? 64 : hopLimit <= 128 ? 128 : 255) - hopLimit;

    /// <summary>
    /// Corrects what a far host inferred, who did not know that the packet left with <paramref name="sentHopLimit"/>. What
    /// cannot have come of that hop limit stays as it is.
    /// </summary>
    public static int Correct(int inferred, byte sentHopLimit)
    {
        // What it can have arrived with, the greatest first: the fewest routers.
        foreach (int arrived in (ReadOnlySpan<int>)[255 - inferred, 128 - inferred, 64 - inferred])
        {
            if (arrived is > 0 and <= byte.MaxValue && arrived <= sentHopLimit && Infer((byte)arrived) == inferred)
                return sentHopLimit - arrived;
        }
        return inferred;
    }
}
