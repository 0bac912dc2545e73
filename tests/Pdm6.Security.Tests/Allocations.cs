namespace Pdm6.Security.Tests;

/// <summary>What a piece of code allocates once it is warm.</summary>
internal static class Allocations
{
    private const int Rounds = 100;

    /// <summary>Octets that the calling thread allocates in a hundred runs, after a hundred others. Each run is given
    /// its number.</summary>
    public static long Of(Action<uint> run)
    {
        for (uint i = 0; i < Rounds; i++)
            run(i); // keys made, methods compiled
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (uint i = Rounds; i < 2 * Rounds; i++)
            run(i);
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }
}
