using System.Net;

namespace Pdm6.Lab;

/// <summary>The program <c>pdm6 lab http-server</c>: a <see cref="ThinkingServer"/> until it is told to stop.</summary>
public static class HttpServerCommand
{
    /// <summary>What the ready line on standard error holds.</summary>
    public const string ReadyText = "http-server: listening";

    /// <summary>Serves until <paramref name="stop"/>.</summary>
    /// <exception cref="LaboratoryException">A port is taken or the address is not of this host.</exception>
    public static async Task RunAsync(
        IPAddress address, IReadOnlyCollection<int> ports, TextWriter errors, CancellationToken stop)
    {
        ThinkingServer server = await ThinkingServer.StartAsync(address, ports).ConfigureAwait(false);
        await using (server.ConfigureAwait(false))
        {
            await errors.WriteLineAsync($"{ReadyText} on {address}, ports {string.Join(", ", server.Ports)}").ConfigureAwait(false);
            await Task.Delay(Timeout.Infinite, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }
}
