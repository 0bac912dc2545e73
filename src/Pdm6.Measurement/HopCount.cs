namespace Pdm6.Measurement;

/// <summary>Routers that a packet passed, inferred from the hop limit it arrived with.</summary>
public static class HopCount
{
    /// <summary>
    /// The smallest usual initial hop limit (64, 128, 255) that is at least <paramref name="hopLimit"/>, minus it. An
    /// inference: a sender may start from any other number.
    /// </summary>
    public static int Infer(byte hopLimit) => (hopLimit <= 64 ? 64 : hopLimit <= 128 ? 128 : 255) - hopLimit;
}
