namespace Pdm6.Security.Tests;

/// <summary>What a piece of code allocates once it is warm.</summary>
internal static class Allocations
{
    private const int Rounds = 100;
    private const int Windows = 5;

    /// <summary>Octets that the calling thread allocates in a hundred runs, after a hundred others. Each run is given
    /// its number.</summary>
    public static long Of(Action<uint> run)
    {
        for (uint i = 0; i < Rounds; i++)
            run(i); // keys made, methods compiled
        // The least of several: the runtime's own work, such as a better compilation, can fall into one of them.
        return Enumerable.Range(1, Windows).Min(window => Of(run, (uint)window * Rounds));
    }

    private static long Of(Action<uint> run, uint first)
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (uint i = first; i < first + Rounds; i++)
            run(i);
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }
}
