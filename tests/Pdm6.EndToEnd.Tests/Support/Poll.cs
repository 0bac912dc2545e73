using System.Diagnostics;

namespace Pdm6.EndToEnd.Tests;

/// <summary>Waits for what other processes do in their own time, with a deadline.</summary>
internal static class Poll
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan s_interval = TimeSpan.FromMilliseconds(5);

    internal static async Task UntilAsync(Func<Task<bool>> condition, Func<string> otherwise)
    {
        long start = Stopwatch.GetTimestamp();
        while (!await condition())
        {
            Assert.True(Stopwatch.GetElapsedTime(start) < s_patience, otherwise());
            await Task.Delay(s_interval);
        }
    }

    internal static Task UntilAsync(Func<bool> condition, Func<string> otherwise) =>
        UntilAsync(() => Task.FromResult(condition()), otherwise);
}
