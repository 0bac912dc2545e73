using Pdm6.Lab;
using Pdm6.Registration;
using Pdm6.Registration.Contract;
using Pdm6.Registration.Identities;
using Pdm6.Security.Identity;
using Pdm6.Wire;

namespace Pdm6.EndToEnd.Tests;

/// <summary>A registrar in the collector's namespace, a process of its own, and those who enrol with it.</summary>
internal sealed class LaboratoryRegistrar(Laboratory hosts, string directory) : IAsyncDisposable
{
    private static readonly TimeSpan s_start = TimeSpan.FromSeconds(60);

    private LabProcess? _process;

    private string Data => Path.Combine(directory, "registrar");

    /// <summary>Starts it, also after <see cref="KillAsync"/>.</summary>
    internal async Task StartAsync()
    {
        _process = hosts.Start("the registrar", hosts.Collector, Pdm6Program.Command(
            "registrar", "run", "--data", Data, "--listen", $"[::]:{RegistrarRoutes.DefaultPort}"));
        await _process.WaitForLineAsync("participants ask at", s_start);
    }

    /// <summary>kill -9.</summary>
    internal async Task KillAsync() => await _process!.DisposeAsync();

    /// <summary>The directory of a participant's identity.</summary>
    internal string PathOf(string name) => Path.Combine(directory, $"{name}-identity");

    /// <summary>Lets a participant in: a token, and <c>pdm6 enroll</c> on its host.</summary>
    internal async Task<Fingerprint> EnrollAsync(string name, Role role, NetworkNamespace host, Ipv6Address registrar, params Ipv6Address[] addresses)
    {
        using RegistrarOperator operating = OpenOperator();
        EnrollmentToken token = await operating.CreateTokenAsync(
            new TokenRequest { Role = role, Prefixes = [.. addresses.Select(address => new Ipv6Prefix(address, 128))] });
        string file = Path.Combine(directory, $"{name}.token");
        File.WriteAllText(file, token.ToText());
        File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        await host.Inside(Pdm6Program.Command(
            "enroll", $"https://[{registrar}]:{RegistrarRoutes.DefaultPort}", "--token-file", file, "--identity", PathOf(name), "--name", name,
            "--role", RoleText.Of(role))).RunAsync();
        using IdentityDirectory identity = IdentityDirectory.Load(PathOf(name));
        return identity.Certificate.IdentityFingerprint;
    }

    /// <summary>What an operator does on the registrar's host, beside the running registrar.</summary>
    internal async Task RevokeAsync(string name)
    {
        using RegistrarOperator operating = OpenOperator();
        await operating.RevokeAsync(name, RegistrarOperator.Operator, "a test");
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is not null)
            await _process.DisposeAsync();
    }

    private RegistrarOperator OpenOperator() => RegistrarOperator.Open(new RegistrarOptions { Data = Data });
}
