using System.Security.Cryptography;
using Pdm6.Wire;

namespace Pdm6.Lab;

/// <summary>Downloads by curl, one after the other, each over a connection of its own and checked by SHA-256.</summary>
/// <param name="from">The host that asks.</param>
/// <param name="server">The server asked.</param>
/// <param name="octets">Size of a download.</param>
/// <param name="pause">Time between two downloads.</param>
/// <param name="workDirectory">Where to keep the body while it is checked.</param>
public sealed class HttpDownloads(
    NetworkNamespace from, Ipv6Address server, long octets, TimeSpan pause, string workDirectory) : ITraffic
{
    /// <inheritdoc/>
    public string Name => "download";

    /// <inheritdoc/>
    public async Task<TrafficReport> RunAsync(CancellationToken stopAsking)
    {
        TrafficTally tally = new(Name);
        string file = Path.Combine(workDirectory, "download.bin");
        string expected = ThinkingServer.HashOf(octets);
        CommandLine command = from.Inside(CommandLine.Of(
            "curl", "--silent", "--show-error", "--fail", "--max-time", "60", "--dump-header", "-", "--output", file,
            $"http://[{server}]:{ThinkingServer.DownloadPort}/download/{octets}"));
        while (!stopAsking.IsCancellationRequested)
        {
            ProgramResult result = await command.RunAsync().ConfigureAwait(false);
            string? fault = result.ExitCode != 0 ? result.Errors : await FaultOfAsync(file, expected, result.Output).ConfigureAwait(false);
            tally.Add(1, errors: fault is null ? 0 : 1, remark: fault);
            await Task.Delay(pause, stopAsking).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
        return tally.Report();
    }

    private async Task<string?> FaultOfAsync(string file, string expected, string headers)
    {
        FileStream body = File.OpenRead(file);
        await using (body.ConfigureAwait(false))
        {
            string hash = Convert.ToHexStringLower(await SHA256.HashDataAsync(body, CancellationToken.None).ConfigureAwait(false));
            if (body.Length != octets || hash != expected)
                return $"{body.Length} octets with SHA-256 {hash} instead of {octets} with {expected}";
            return headers.Contains(hash, StringComparison.OrdinalIgnoreCase) ? null : "the server announced another SHA-256";
        }
    }
}
