using System.Net;
using Pdm6.Registration;
using Pdm6.Registration.Identities;
using Pdm6.Security.Identity;
using Pdm6.Wire;

namespace Pdm6.Cli.Tests.Registration;

/// <summary>The real command, killed with SIGKILL at one moment or another, and run again.</summary>
public sealed class KilledEnrollTests : IAsyncLifetime
{
    private readonly DirectoryInfo _root = Directory.CreateTempSubdirectory("pdm6-killed-");
    private RegistrarHost _registrar = null!;

    public async Task InitializeAsync() => _registrar = await RegistrarHost.StartAsync(
        new RegistrarOptions { Data = In("registrar"), Listen = new IPEndPoint(IPAddress.IPv6Loopback, 0) }, CancellationToken.None);

    public async Task DisposeAsync()
    {
        await _registrar.DisposeAsync();
        _root.Delete(recursive: true);
    }

    private string In(string name) => Path.Combine(_root.FullName, name);

    private Task<IReadOnlyList<ParticipantDescription>> ParticipantsAsync() =>
        _registrar.Operator.ParticipantsAsync(CancellationToken.None);

    private async Task<string[]> CommandAsync()
    {
        TokenRequest request = new() { Role = Role.Endpoint, Prefixes = [new Ipv6Prefix(Ipv6Address.Parse("2001:db8::"), 32)] };
        await File.WriteAllTextAsync(In("token"), (await _registrar.Operator.CreateTokenAsync(request)).ToText());
        File.SetUnixFileMode(In("token"), UnixFileMode.UserRead | UnixFileMode.UserWrite);
        return
        [
            "enroll", $"https://{_registrar.Address}", "--token-file", In("token"), "--identity", In("identity"), "--name", "host-a",
        ];
    }

    private async Task KillAndRunAgainAsync(Func<Task<bool>> moment)
    {
        string[] command = await CommandAsync();
        await using (Pdm6Process killed = Pdm6Process.Start(command))
            await killed.KillWhenAsync(moment);
        (int code, string output, string errors) = await Pdm6Process.RunAsync(command);
        Assert.True(code == 0, errors);

        using IdentityDirectory identity = IdentityDirectory.Load(In("identity"));
        ParticipantDescription known = Assert.Single(await ParticipantsAsync());
        Assert.Equal((identity.Certificate.IdentityFingerprint, "active"), (known.Fingerprint, known.State));
        Assert.Equal(known.Fingerprint.ToString(), output.Trim());
        Assert.Single(await _registrar.Operator.AuditAsync(0, 1000, CancellationToken.None), entry => entry.Action == "enrolled");
        Assert.NotNull(Assert.Single(identity.DescribeHpkeKeys()).PublishedAt);
        Assert.Empty(Directory.GetFiles(In("identity"), "*.part"));
    }

    [Theory]
    [InlineData(".lock")]
    [InlineData("identity.key*")]
    [InlineData("hpke-*.key")]
    [InlineData("keys.json")]
    [InlineData("enrollment.json")]
    [InlineData("authority.crt")]
    [InlineData("identity.crt")]
    public Task Enroll_KilledWhenAFileAppears_NextRunEndsWithOneIdentityAndOneCertificate(string file) => KillAndRunAgainAsync(
        () => Task.FromResult(Directory.Exists(In("identity")) && Directory.EnumerateFiles(In("identity"), file).Any()));

    [Fact]
    public Task Enroll_KilledWhenTheRegistrarHasCertified_NextRunEndsWithOneIdentityAndOneCertificate() =>
        KillAndRunAgainAsync(async () => (await ParticipantsAsync()).Any(participant => participant.State == "active"));
}
