using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace Pdm6.Bench;

/// <summary>
/// How fast the processor is from moment to moment, by a chain of additions of which each waits for the one before. It
/// needs no memory: what slows it down is another program on the same core, this machine's or a neighbour's that one does not see.
/// </summary>
internal sealed class ProcessorSpeed
{
    private const int Additions = 200_000;

    private readonly List<double> _ns = [];

    public void Sample()
    {
        long start = Stopwatch.GetTimestamp();
        long sum = Chain(_ns.Count);
        double ns = Stopwatch.GetElapsedTime(start).TotalNanoseconds / Additions;
        BenchException.Require(sum != 0, "The additions were not made.");
        _ns.Add(ns);
    }

    /// <summary>One line: its speed while it was sampled, as part of the best moment's.</summary>
    public override string ToString()
    {
        double best = _ns.Min();
        Spread share = Spread.Of(_ns.Select(ns => 100 * best / ns));
        return $"The processor meanwhile, by {_ns.Count} chains of additions: at {share.Median:0} % of its best moment's speed "
            + $"({share.LowerQuartile:0}..{share.UpperQuartile:0}), which was {1 / best:0.00} additions a nanosecond.";
    }

    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static long Chain(long seed)
    {
        long sum = seed | 1;
        for (int i = 0; i < Additions; i++)
            sum += i | 1;
        return sum;
    }
}
