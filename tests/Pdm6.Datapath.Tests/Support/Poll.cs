using System.Diagnostics;

namespace Pdm6.Datapath.Tests;

/// <summary>Waits for what the kernel does in its own time, with a deadline.</summary>
internal static class Poll
{
    internal static void Until(Func<bool> condition, string otherwise)
    {
        long start = Stopwatch.GetTimestamp();
        while (!condition())
        {
            Assert.True(Stopwatch.GetElapsedTime(start) < TimeSpan.FromSeconds(60), otherwise);
            Thread.Yield();
        }
    }
}
