namespace Pdm6.EndToEnd.Tests.Demo;

/// <summary>One run of 15 seconds, looked at from many sides.</summary>
public sealed class FinishedDemo : IAsyncLifetime
{
    internal KeptDemo Run { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        if (Environment.IsPrivilegedProcess)
            Run = await KeptDemo.RunAsync("--seconds", "15");
    }

    public Task DisposeAsync()
    {
        Run?.Dispose();
        return Task.CompletedTask;
    }
}
