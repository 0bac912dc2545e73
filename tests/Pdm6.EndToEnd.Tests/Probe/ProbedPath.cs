using System.Text.Json;
using Pdm6.Lab;
using Pdm6.Security;

namespace Pdm6.EndToEnd.Tests.Probe;

/// <summary>A laboratory with a relay between client and server, a key, and <c>pdm6 probe</c> and <c>pdm6 reflect</c> as
/// users run them.</summary>
internal sealed class ProbedPath : IAsyncDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);

    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("pdm6-probe-");
    private readonly RunningRelay _relay;

    private ProbedPath(Laboratory hosts, RunningRelay relay)
    {
        (Hosts, _relay) = (hosts, relay);
        KeyFile.Create(KeyPath);
    }

    internal Laboratory Hosts { get; }

    internal string KeyPath => PathOf("lab.key");

    internal static ProbedPath Create(Impairments? toServer = null, Impairments? toClient = null)
    {
        Laboratory hosts = Laboratory.Create();
        string log = Path.Combine(Path.GetTempPath(), $"pdm6-decisions-{Guid.NewGuid():N}");
        RunningRelay relay = RunningRelay.Start(
            hosts.Router, hosts.Relay(toServer ?? new Impairments(), toClient ?? new Impairments()) with { DecisionLog = log });
        return new ProbedPath(hosts, relay) { LogPath = log };
    }

    /// <summary>What the relay decided, whole after <see cref="StopRelayAsync"/>.</summary>
    internal required string LogPath { get; init; }

    internal string PathOf(string file) => Path.Combine(_directory.FullName, file);

    internal Task StopRelayAsync() => _relay.StopAsync();

    /// <summary>Starts a reflector on the server and waits until it listens.</summary>
    internal async Task<LabProcess> ReflectAsync(params string[] options)
    {
        LabProcess reflector = Hosts.Start("the reflector", Hosts.Server, Pdm6Program.Command(["reflect", .. options]));
        await reflector.WaitForLineAsync("listening on", s_patience);
        return reflector;
    }

    /// <summary>Ends a reflector; returns the line that counts what came.</summary>
    internal static async Task<string> StopAsync(LabProcess reflector)
    {
        Assert.Equal(0, await reflector.StopAsync(s_patience));
        return reflector.LastLines[^1];
    }

    /// <summary>Runs a prober on the client to its end.</summary>
    internal Task<ProgramResult> ProbeAsync(params string[] options) =>
        Hosts.Client.Inside(Pdm6Program.Command(["probe", .. options])).RunAsync();

    /// <summary>Runs a prober on the client and returns its JSON lines; the last is the summary.</summary>
    internal async Task<IReadOnlyList<JsonElement>> ProbeJsonAsync(params string[] options)
    {
        ProgramResult result = await ProbeAsync([.. options, "--format", "jsonl"]);
        Assert.True(result.ExitCode == 0, $"exit code {result.ExitCode}\n{result.Errors}\n{result.Output}");
        return [.. result.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonDocument.Parse(line).RootElement)];
    }

    public async ValueTask DisposeAsync()
    {
        await _relay.DisposeAsync();
        await Hosts.DisposeAsync();
        File.Delete(LogPath);
        _directory.Delete(recursive: true);
    }
}
