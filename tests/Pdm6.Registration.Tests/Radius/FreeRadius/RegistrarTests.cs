using System.Net;
using Pdm6.Lab;
using Pdm6.Registration.Client;
using Pdm6.Registration.Identities;
using Pdm6.Registration.Radius;
using Pdm6.Security.Identity;

namespace Pdm6.Registration.Tests.Radius.FreeRadius;

/// <summary>A registrar whose enrolments FreeRADIUS decides, from a password to the revocation.</summary>
public sealed class RegistrarTests : IDisposable
{
    private const string Users = """
        host-1	Cleartext-Password := "the password of host-1"
        	Framed-IPv6-Prefix += 2001:db8:1::/64

        host-2	Auth-Type := Reject
        	Reply-Message := "Not on Sundays."

        """;

    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("pdm6-radius-registrar-");

    public void Dispose() => _directory.Delete(recursive: true);

    [Fact]
    public async Task Host_WithItsPassword_IsEnrolledUntilTheServerDisconnectsIt()
    {
        await using FreeRadiusServer server = await FreeRadiusServer.StartAsync(Users);
        int disconnectPort = FreeRadiusServer.FreePort();
        await using RegistrarHost registrar = await RegistrarHost.StartAsync(new RegistrarOptions
        {
            Data = PathOf("registrar"),
            Listen = new IPEndPoint(IPAddress.IPv6Loopback, 0),
            Radius = new RadiusOptions
            {
                Servers = [server.AsServer()],
                DisconnectListener = new IPEndPoint(IPAddress.IPv6Loopback, disconnectPort),
            },
        }, default);

        EnrollmentException denied = await Assert.ThrowsAsync<EnrollmentException>(
            () => EnrollAsync(registrar, "host-1", "another password"));
        Assert.Contains("gave no reason", denied.Message);
        denied = await Assert.ThrowsAsync<EnrollmentException>(() => EnrollAsync(registrar, "host-2", "x"));
        Assert.Contains("Not on Sundays.", denied.Message);
        using IdentityDirectory identity = await EnrollAsync(registrar, "host-1", "the password of host-1");
        Assert.Equal(["2001:db8:1::/64"], identity.Certificate.Prefixes.Select(prefix => prefix.ToString()));
        using RegistrarClient client = identity.ConnectRegistrar(TimeProvider.System);
        Assert.Equal(RegistrarOutcome.Accepted, (await client.GetAnalyzersAsync(default)).Outcome);

        string output = await DisconnectAsync(disconnectPort);

        Assert.Contains("Received Disconnect-ACK", output);
        RegistrarOutcome after = (await client.GetAnalyzersAsync(default)).Outcome;
        Assert.Equal(RegistrarOutcome.Refused, after);
        Assert.Contains("Session-Context-Not-Found", await DisconnectAsync(disconnectPort));
        IReadOnlyList<AuditEntry> audit = await registrar.Operator.AuditAsync(0, 100, default);
        Assert.Contains(audit, entry => entry.Action == "revoked" && entry.Actor == "radius" && entry.Reason == "host-1: it was sold");
        Assert.Contains(audit, entry => entry.Action == "enrolled" && entry.Reason.Contains("by radius", StringComparison.Ordinal));
        denied = await Assert.ThrowsAsync<EnrollmentException>(() => EnrollAsync(registrar, "host-1", "the password of host-1", again: true));
        Assert.Contains("revoked", denied.Message);
    }

    private string PathOf(string name) => Path.Combine(_directory.FullName, name);

    private async Task<IdentityDirectory> EnrollAsync(RegistrarHost registrar, string name, string password, bool again = false)
    {
        // The same key asks again: what a revoked host would do.
        if (again)
            File.Delete(Path.Combine(PathOf(name), "identity.crt"));
        using CancellationTokenSource limit = new(TimeSpan.FromSeconds(60));
        return await new Enrollment(new EnrollmentOptions
        {
            Registrar = new Uri($"https://[::1]:{registrar.Address.Port}"),
            Authority = registrar.Authority.Fingerprint,
            Token = $"pdm6-password-1.{registrar.Authority.Fingerprint}.{password}",
            Directory = PathOf(name),
            Name = name,
            Role = Role.Endpoint,
        }, TimeProvider.System, _ => { }).RunAsync(limit.Token);
    }

    private async Task<string> DisconnectAsync(int port)
    {
        File.WriteAllText(PathOf("secret"), FreeRadiusServer.Secret + "\n");
        File.WriteAllText(
            PathOf("request"),
            $"User-Name = host-1, Reply-Message = \"it was sold\", Event-Timestamp = {DateTimeOffset.UtcNow.ToUnixTimeSeconds()}, Message-Authenticator = 0x00\n");
        ProgramResult result = await CommandLine.Of(
            "radclient", "-x", "-r", "1", "-t", "20", "-f", PathOf("request"), "-S", PathOf("secret"), $"[::1]:{port}", "disconnect").RunAsync();
        return result.Output + result.Errors;
    }
}
