namespace Pdm6.Lab.Tests;

internal static class WaitFor
{
    internal static void Condition(Func<bool> condition, int seconds = 10)
    {
        DateTime deadline = DateTime.UtcNow.AddSeconds(seconds);
        while (!condition())
        {
            Assert.True(DateTime.UtcNow < deadline, "The condition did not come true in time.");
            Thread.Sleep(5);
        }
    }
}
