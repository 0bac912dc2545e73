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

    internal async Task RevokeAsync(string name) =>
        Succeeded(await _path.Hosts.Collector.Inside(Pdm6Program.Command("registrar", "revoke", name, "--data", Data)).RunAsync());

    private async Task EnrollAsync(NetworkNamespace host, string name, Ipv6Address registrar, Ipv6Address address)
    {
        string token = _path.PathOf($"{name}.token");
        Succeeded(await _path.Hosts.Collector.Inside(Pdm6Program.Command(
            "registrar", "token", "create", "--data", Data, "--role", "endpoint", "--prefix", $"{address}/128", "--output", token)).RunAsync());
        Succeeded(await host.Inside(Pdm6Program.Command(
            "enroll", $"https://[{registrar}]:{Port}", "--token-file", token, "--identity", _path.PathOf(name), "--name", name)).RunAsync());
    }

    private static void Succeeded(ProgramResult result) => Assert.True(result.ExitCode == 0, $"{result.Errors}\n{result.Output}");
}
