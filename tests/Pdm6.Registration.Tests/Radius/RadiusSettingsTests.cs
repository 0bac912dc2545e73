using System.Net;
using System.Text.Json;
using Pdm6.Registration.Radius;
using Pdm6.Security;

namespace Pdm6.Registration.Tests.Radius;

public sealed class RadiusSettingsTests : IDisposable
{
    private const string Server = """{ "address": "[2001:db8::53]:1999", "secretFile": "secret" }""";

    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("pdm6-radius-");

    public RadiusSettingsTests() => Write("secret", "0123456789abcdef\n");

    public void Dispose() => _directory.Delete(recursive: true);

    [Fact]
    public void Settings_AllOfThem_AreRead()
    {
        Write("password", "the same for all");

        using RadiusOptions options = Read($$"""
            { "servers": [{{Server}}, { "address": "2001:db8::54", "secretFile": "secret" }], "nasIdentifier": "here", "serviceType": 10,
              "passwordFile": "password", "timeoutSeconds": 1, "tries": 4, "disconnectListen": "[::1]:4000" }
            """);

        Assert.Equal(["[2001:db8::53]:1999", "[2001:db8::54]:1812"], options.Servers.Select(server => server.EndPoint.ToString()));
        Assert.Equal("0123456789abcdef"u8.ToArray(), options.Servers[1].Secret.Octets.ToArray());
        Assert.Equal("the same for all"u8.ToArray(), options.Password!.Octets.ToArray());
        Assert.Equal(("here", 10u, 1.0, 4), (options.NasIdentifier, options.ServiceType, options.TimeoutSeconds, options.Tries));
        Assert.Equal(IPEndPoint.Parse("[::1]:4000"), options.DisconnectListener);
    }

    [Fact]
    public void Settings_WithServersOnly_HaveTheDocumentedDefaults()
    {
        using RadiusOptions options = Read($$"""{ "servers": [{{Server}}] }""");

        Assert.Equal(("pdm6-registrar", 2u, 2.0, 2), (options.NasIdentifier, options.ServiceType, options.TimeoutSeconds, options.Tries));
        Assert.Null(options.Password);
        Assert.Null(options.DisconnectListener);
    }

    [Theory]
    [InlineData("[]", "object")]
    [InlineData("{}", "servers")]
    [InlineData("""{ "servers": [] }""", "1 to 8")]
    [InlineData("""{ "servers": [3] }""", "address")]
    [InlineData("""{ "servers": [{ "address": "[::1]:1" }] }""", "secretFile")]
    [InlineData("""{ "servers": [{ "address": "radius.example", "secretFile": "secret" }] }""", "radius.example")]
    [InlineData("""{ "servers": [{ "address": "[::]:1812", "secretFile": "secret" }] }""", "nobody's")]
    [InlineData("""{ "servers": [{ "address": "[::1]:1", "secret": "in the open" }] }""", "\"secret\"")]
    [InlineData("""{ "server": "[::1]:1" }""", "\"server\"")]
    [InlineData("""{ "tries": 0 }""", "1 to 5")]
    [InlineData("""{ "timeoutSeconds": 1.5 }""", "whole number")]
    [InlineData("""{ "serviceType": "framed" }""", "whole number")]
    [InlineData("""{ "nasIdentifier": "" }""", "1 to 253")]
    [InlineData("""{ "disconnectListen": "here" }""", "3799")]
    public void Settings_ThatCannotBe_NameTheSetting(string settings, string word) =>
        Assert.Contains(word, Assert.Throws<RegistrarException>(() => Read(settings)).Message);

    [Theory]
    [InlineData("0123456789abcde\n", UnixFileMode.UserRead, "16 to 128")]
    [InlineData("", UnixFileMode.UserRead, "16 to 128")]
    [InlineData("0123456789abcdef", UnixFileMode.UserRead | UnixFileMode.GroupRead, "chmod 600")]
    public void Secret_ThatIsShortOrOpenToOthers_IsRefused(string text, UnixFileMode mode, string word)
    {
        Write("secret", text);
        File.SetUnixFileMode(Path.Combine(_directory.FullName, "secret"), mode);

        Assert.Contains(word, Assert.Throws<KeyFileException>(() => Read($$"""{ "servers": [{{Server}}] }""")).Message);
    }

    [Fact]
    public void Secret_LongerThanAny_IsRefused()
    {
        Write("secret", new string('x', 129));

        Assert.Throws<KeyFileException>(() => Read($$"""{ "servers": [{{Server}}] }"""));
    }

    private RadiusOptions Read(string settings)
    {
        using JsonDocument document = JsonDocument.Parse(settings);
        return RadiusSettings.Read(document.RootElement, _directory.FullName);
    }

    private void Write(string name, string text)
    {
        string path = Path.Combine(_directory.FullName, name);
        File.WriteAllText(path, text);
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
    }
}
