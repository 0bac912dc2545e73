namespace Pdm6.Probe.Reflecting;

/// <summary>What a reflector does at most.</summary>
/// <param name="RepliesPerSecond">Replies to one source address.</param>
/// <param name="Probers">Probers that are remembered at the same time.</param>
/// <param name="Sources">Source addresses whose rate is remembered at the same time.</param>
/// <param name="ClockTolerance">A prober's clock may differ by so much from this host's.</param>
public sealed record ReflectorLimits(int RepliesPerSecond, int Probers, int Sources, TimeSpan ClockTolerance)
{
    /// <summary>10,000 replies a second to a source, 4,096 probers and sources, five minutes.</summary>
    public static ReflectorLimits Usual { get; } = new(10_000, 4096, 4096, TimeSpan.FromMinutes(5));
}
