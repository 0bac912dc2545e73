using Pdm6.Registration.Identities;
using Pdm6.Registration.Tests.Client;
using Pdm6.Security;
using Pdm6.Security.Identity;

namespace Pdm6.Registration.Tests.Identities;

public sealed class IdentityDirectoryTests : IAsyncLifetime
{
    private Site _site = null!;
    private string _path = "";

    public async Task InitializeAsync()
    {
        _site = await Site.StartAsync();
        (await _site.EnrollAsync("host-a")).Dispose();
        _path = _site.DirectoryOf("host-a");
    }

    public async Task DisposeAsync() => await _site.DisposeAsync();

    private void AssertRefused(string because) => Assert.Contains(
        because, Assert.Throws<IdentityException>(() => IdentityDirectory.Load(_path)).Message, StringComparison.Ordinal);

    [Fact]
    public void Load_Enrolled_GivesKeysThatBelongToTheCertificate()
    {
        using IdentityDirectory identity = IdentityDirectory.Load(_path);
        using IdentityKey key = identity.OpenIdentityKey();
        Assert.Equal(identity.Certificate.IdentityFingerprint, key.Fingerprint);
        Assert.True(identity.TlsCertificate.HasPrivateKey);
        Assert.Equal(identity.Certificate.Der.ToArray(), identity.TlsCertificate.RawData);
        Assert.Equal((_site.Url, "host-a", Role.Endpoint), (identity.Registrar, identity.Name, identity.Role));
    }

    [Fact]
    public void Load_NobodyEnrolled_SaysHow()
    {
        _path = _site.DirectoryOf("nobody");
        AssertRefused("pdm6 enroll URL --token-file FILE");
    }

    [Fact]
    public void Load_EnrolmentNotFinished_SaysToGoOn()
    {
        File.Delete(Path.Combine(_path, "identity.crt"));
        Assert.False(IdentityDirectory.IsEnrolled(_path));
        AssertRefused("not finished");
    }

    [Fact]
    public void Load_DirectoryOpenToOthers_SaysChmod()
    {
        File.SetUnixFileMode(_path, File.GetUnixFileMode(_path) | UnixFileMode.GroupExecute);
        AssertRefused("chmod 700");
    }

    [Theory]
    [InlineData("identity.key")]
    [InlineData("hpke-*.key")]
    public void Load_KeyOpenToOthers_SaysChmod(string pattern)
    {
        string key = Directory.GetFiles(_path, pattern).Single();
        File.SetUnixFileMode(key, UnixFileMode.UserRead | UnixFileMode.OtherRead);
        Assert.Contains("chmod 600", Assert.Throws<KeyFileException>(() => IdentityDirectory.Load(_path)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("enrollment.json")]
    [InlineData("authority.crt")]
    [InlineData("keys.json")]
    public void Load_FileMissing_NamesIt(string name)
    {
        File.Delete(Path.Combine(_path, name));
        AssertRefused(name);
    }

    [Theory]
    [InlineData("enrollment.json", "{")]
    [InlineData("enrollment.json", "{}")]
    [InlineData("enrollment.json", "null")]
    [InlineData("authority.crt", "hello")]
    [InlineData("authority.crt", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n")]
    [InlineData("identity.crt", "")]
    [InlineData("keys.json", "[]")]
    public void Load_FileDamaged_NamesIt(string name, string content)
    {
        File.WriteAllText(Path.Combine(_path, name), content);
        AssertRefused(name);
    }

    [Fact]
    public async Task Load_FilesOfTwoIdentities_IsRefused()
    {
        (await _site.EnrollAsync("host-b")).Dispose();
        File.Copy(Path.Combine(_site.DirectoryOf("host-b"), "identity.crt"), Path.Combine(_path, "identity.crt"), overwrite: true);
        AssertRefused("do not belong together");
    }

    [Fact]
    public async Task Load_AuthorityOfAnotherRegistrar_IsRefused()
    {
        await using Site other = await Site.StartAsync();
        (await other.EnrollAsync("host-a")).Dispose();
        File.Copy(Path.Combine(other.DirectoryOf("host-a"), "authority.crt"), Path.Combine(_path, "authority.crt"), overwrite: true);
        AssertRefused("do not belong together");
    }

    [Fact]
    public void Load_CurrentHpkeKeyMissing_SaysWhich()
    {
        string key = Directory.GetFiles(_path, "hpke-*.key").Single();
        File.Delete(key);
        AssertRefused(Path.GetFileNameWithoutExtension(key)["hpke-".Length..]);
    }

    [Fact]
    public void Load_HpkeKeyUnderAnotherName_IsRefused()
    {
        string key = Directory.GetFiles(_path, "hpke-*.key").Single();
        File.Copy(key, Path.Combine(_path, $"hpke-{new string('0', 64)}.key"));
        AssertRefused("not the one of its name");
    }
}
