using Microsoft.Extensions.Hosting;

namespace Pdm6.Registration.Server;

/// <summary>A listener lives as long as its owner says. Signals belong to the command, not to a library.</summary>
internal sealed class NoLifetime : IHostLifetime
{
    public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
