using Pdm6.Registration.Server;

namespace Pdm6.Registration.Tests.Server;

/// <summary>Work in the background that breaks must not do so in silence.</summary>
public sealed class UnattendedTests
{
    [Fact]
    public async Task Start_WorkThatBreaks_SaysWhatNoLongerHappens()
    {
        LogLines log = new();

        await Unattended.Start(
            () => throw new InvalidOperationException("broken"), log, "Nothing is cleaned.", CancellationToken.None);

        Assert.Equal("Nothing is cleaned. Start the registrar again, and report this.", Assert.Single(log.Written));
    }

    [Fact]
    public async Task Start_WorkThatWasAskedToEnd_SaysNothing()
    {
        LogLines log = new();
        using CancellationTokenSource stop = new();

        Task running = Unattended.Start(() => Task.Delay(Timeout.Infinite, stop.Token), log, "Nothing is cleaned.", stop.Token);
        await stop.CancelAsync();
        await running;

        Assert.Empty(log.Written);
    }
}
