using Pdm6.Security.Identity;

namespace Pdm6.Registration.Tests.Server;

/// <summary>The files that a registrar keeps.</summary>
public sealed class DataDirectoryTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    private RegistrarOptions Options => new() { Data = Path.Combine(_directory.Path, "data") };

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void Authority_OpenedTwice_IsTheSameAndItsKeyForItsOwnerOnly()
    {
        using CertificateAuthority first = DataDirectory.OpenAuthority(Options), second = DataDirectory.OpenAuthority(Options);

        Assert.Equal(first.Fingerprint, second.Fingerprint);
        Assert.Equal(
            UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Path.Combine(Options.Data, "authority.key")));
    }

    [Fact]
    public void Authority_WhoseMakingWasInterrupted_IsMadeAnew()
    {
        DataDirectory.OpenAuthority(Options).Dispose();
        File.Delete(Path.Combine(Options.Data, "authority.crt"));

        using CertificateAuthority authority = DataDirectory.OpenAuthority(Options);

        Assert.Equal(authority.Fingerprint, authority.Certificate.Fingerprint);
    }

    [Fact]
    public void Authority_WhoseKeyIsGone_IsNotMadeAnew()
    {
        DataDirectory.OpenAuthority(Options).Dispose();
        File.Delete(Path.Combine(Options.Data, "authority.key"));

        Assert.Throws<RegistrarException>(() => DataDirectory.OpenAuthority(Options));
        Assert.False(File.Exists(Path.Combine(Options.Data, "authority.key")));
    }

    [Fact]
    public void Directory_OpenToOthers_IsRefused()
    {
        Directory.CreateDirectory(Options.Data, (UnixFileMode)0b111_101_101);

        Assert.Contains("chmod 700", Assert.Throws<RegistrarException>(() => DataDirectory.OpenAuthority(Options)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Registrar_WithAnOperatorsAuthority_IssuesByIt()
    {
        using CertificateAuthority own = CertificateAuthority.Create("operator", DateTimeOffset.UtcNow.AddDays(-2));
        string certificate = Path.Combine(_directory.Path, "own.crt"), key = Path.Combine(_directory.Path, "own.key");
        await File.WriteAllTextAsync(certificate, own.CertificateToPem());
        Security.Files.AtomicFile.Write(key, own.KeyToPem(), overwrite: false);
        await using TestRegistrar registrar = await TestRegistrar.StartAsync(
            options => options with { AuthorityCertificate = certificate, AuthorityKey = key });
        using TestParticipant host = await registrar.JoinAsync("host-a");

        Assert.True(host.Certificate!.IsIssuedBy(own.Certificate));
        Assert.False(File.Exists(Path.Combine(registrar.Options.Data, "authority.key")));
    }
}
