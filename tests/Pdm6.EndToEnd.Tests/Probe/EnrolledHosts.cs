using Pdm6.Lab;
using Pdm6.Wire;

namespace Pdm6.EndToEnd.Tests.Probe;

/// <summary>A registrar beside the probed path, with both hosts enrolled: the commands that an operator types.</summary>
internal sealed class EnrolledHosts
{
    private const int Port = 8652;
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);

    private readonly ProbedPath _path;

    private EnrolledHosts(ProbedPath path) => _path = path;

    internal string ClientIdentity => _path.PathOf("client");

    internal string ServerIdentity => _path.PathOf("server");

    internal string CollectorIdentity => _path.PathOf("collector");

    private string Data => _path.PathOf("registrar");

    internal static async Task<EnrolledHosts> CreateAsync(ProbedPath path)
    {
        EnrolledHosts enrolled = new(path);
        LabProcess registrar = path.Hosts.Start(
            "the registrar", path.Hosts.Collector, Pdm6Program.Command("registrar", "run", "--data", enrolled.Data, "--listen", $"[::]:{Port}"));
        await registrar.WaitForLineAsync("participants ask", s_patience);
        await enrolled.EnrollAsync(path.Hosts.Client, "client", LaboratoryAddresses.CollectorForClient, LaboratoryAddresses.Client);
        await enrolled.EnrollAsync(path.Hosts.Server, "server", LaboratoryAddresses.CollectorForServer, LaboratoryAddresses.Server);
        return enrolled;
    }

    /// <summary>Enrols the collector, and returns the fingerprint that others pin.</summary>
    internal async Task<string> EnrollCollectorAsync()
    {
        await EnrollAsync(_path.Hosts.Collector, "collector", LaboratoryAddresses.CollectorForClient, "--role", "analyzer");
        ProgramResult shown = await _path.Hosts.Collector.Inside(
            Pdm6Program.Command("keys", "show", "--identity", CollectorIdentity, "--fingerprint")).RunAsync();
        Succeeded(shown);
        return shown.Output.Trim();
    }

    internal async Task RevokeAsync(string name) =>
        Succeeded(await _path.Hosts.Collector.Inside(Pdm6Program.Command("registrar", "revoke", name, "--data", Data)).RunAsync());

    private Task EnrollAsync(NetworkNamespace host, string name, Ipv6Address registrar, Ipv6Address address) =>
        EnrollAsync(host, name, registrar, "--role", "endpoint", "--prefix", $"{address}/128");

    private async Task EnrollAsync(NetworkNamespace host, string name, Ipv6Address registrar, params string[] rights)
    {
        string token = _path.PathOf($"{name}.token");
        Succeeded(await _path.Hosts.Collector.Inside(Pdm6Program.Command(
            ["registrar", "token", "create", "--data", Data, "--output", token, .. rights])).RunAsync());
        Succeeded(await host.Inside(Pdm6Program.Command(
            "enroll", $"https://[{registrar}]:{Port}", "--token-file", token, "--identity", _path.PathOf(name), "--name", name,
            rights[0], rights[1])).RunAsync());
    }

    private static void Succeeded(ProgramResult result) => Assert.True(result.ExitCode == 0, $"{result.Errors}\n{result.Output}");
}
