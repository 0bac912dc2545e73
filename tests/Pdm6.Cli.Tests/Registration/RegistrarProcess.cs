using System.Text.RegularExpressions;
using Pdm6.Lab;

namespace Pdm6.Cli.Tests.Registration;

/// <summary><c>pdm6 registrar run</c>, as a process that can be killed.</summary>
internal sealed partial class RegistrarProcess : IAsyncDisposable
{
    private static readonly TimeSpan _start = TimeSpan.FromSeconds(60);

    private readonly LabProcess _process;

    private RegistrarProcess(LabProcess process, Uri url) => (_process, Url) = (process, url);

    public Uri Url { get; }

    /// <param name="data">Its data directory.</param>
    /// <param name="database">A connection string of PostgreSQL, or null.</param>
    /// <param name="port">0 for any.</param>
    public static async Task<RegistrarProcess> StartAsync(string data, string? database, int port)
    {
        LabProcess process = LabProcess.Start("registrar", CommandLine.Of(
            "env", $"PDM6_REGISTRAR_DATABASE={database}", Environment.ProcessPath!, typeof(CommandLineTool).Assembly.Location,
            "registrar", "run", "--data", data, "--listen", $"[::1]:{port}"));
        string line = await process.WaitForLineAsync("participants ask at", _start);
        return new RegistrarProcess(process, new Uri(Address().Match(line).Value));
    }

    /// <summary>Sends SIGTERM, and returns its exit code.</summary>
    public Task<int> StopAsync() => _process.StopAsync(TimeSpan.FromSeconds(30));

    /// <summary>Kills it: SIGKILL, no last words.</summary>
    public ValueTask DisposeAsync() => _process.DisposeAsync();

    [GeneratedRegex(@"https://\[::1\]:\d+")]
    private static partial Regex Address();
}
