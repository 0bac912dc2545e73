namespace Pdm6.Bench;

/// <summary>The prober and the reflector: how fast, and how true.</summary>
internal static class ProbeBench
{
    public static void Run()
    {
        using BenchKey key = new();
        RateBench.Run(key);
        AccuracyBench.RunAsync(key).GetAwaiter().GetResult();
    }
}
