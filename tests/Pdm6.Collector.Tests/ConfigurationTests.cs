using System.Net;
using System.Net.Sockets;
using Microsoft.Data.Sqlite;
using Pdm6.Security;

namespace Pdm6.Collector.Tests;

/// <summary>Whatever is wrong before the start is one line that says what to do, and nothing is changed.</summary>
public sealed class ConfigurationTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("pdm6-configuration-").FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public void Load_TheExample_GivesTheDefaults()
    {
        CollectorOptions options = CollectorOptions.Load(Write(CollectorOptions.Example));

        EmbeddedRegistrar registrar = Assert.IsType<EmbeddedRegistrar>(options.Registrar);
        Assert.Equal(("/var/lib/pdm6/registrar", new IPEndPoint(IPAddress.IPv6Any, 8652)), (registrar.Data, registrar.Listen));
        Assert.Empty(registrar.Hosts);
        Assert.Equal(new CollectorOptions { Store = "/var/lib/pdm6/collector.db" }, options with { Registrar = null });
    }

    [Fact]
    public void Load_RelativePaths_AreRelativeToTheFile()
    {
        CollectorOptions options = CollectorOptions.Load(Write("""{ "keyFile": "a.key", "store": "b.db" }"""));

        Assert.Equal((Path.Combine(_directory, "a.key"), Path.Combine(_directory, "b.db")), (options.KeyFile, options.Store));
    }

    [Theory]
    [InlineData("", "is not JSON")]
    [InlineData("{\n\"web\": }", "line 2 is not JSON")]
    [InlineData("[]", "one JSON object")]
    [InlineData("{}", "nothing says how keys come here; give one of \"registrar\"")]
    [InlineData("""{ "keyFile": "k", "identity": "i" }""", "keep one of \"registrar\", \"identity\" and \"keyFile\"")]
    [InlineData("""{ "registrar": "https://x" }""", "\"registrar\" must be an object in braces; write it like")]
    [InlineData("""{ "registrar": {} }""", "\"registrar\": \"data\" is missing; write it like")]
    [InlineData("""{ "registrar": { "data": "d", "port": 1 } }""", "\"registrar\": \"port\" is not a setting; there are data, listen, hosts")]
    [InlineData("""{ "registrar": { "data": "d", "hosts": "h" } }""", "\"hosts\" must be a list of texts")]
    [InlineData("""{ "keyFile": "" }""", "must be a text")]
    [InlineData("""{ "keyFile": 5 }""", "must be a text")]
    [InlineData("""{ "keyFile": "k", "keyFile": "l" }""", "is not JSON")]
    [InlineData("""{ "keyfile": "k" }""", "\"keyfile\" is not a setting; there are registrar, identity, keyFile")]
    [InlineData("""{ "keyFile": "k", "ingest": "8651" }""", "is not an address with a port; write it like")]
    [InlineData("""{ "keyFile": "k", "ingest": "localhost:8651" }""", "is not an address with a port; write it like")]
    [InlineData("""{ "keyFile": "k", "web": "[::1]" }""", "is not an address with a port; write it like")]
    [InlineData("""{ "keyFile": "k", "web": "[::]:8650" }""", "the page has no authentication yet, use a loopback address such as [::1]:8650 and an SSH tunnel")]
    [InlineData("""{ "keyFile": "k", "web": "192.0.2.1:80" }""", "the page has no authentication yet, use a loopback address")]
    [InlineData("""{ "keyFile": "k", "retentionHours": "long" }""", "must be a whole number of hours")]
    [InlineData("""{ "keyFile": "k", "retentionHours": 0 }""", "keep windows for 1 to")]
    public void Load_WrongConfiguration_SaysWhatToDo(string json, string expected)
    {
        string path = Write(json);

        CollectorConfigurationException error =
            Assert.Throws<CollectorConfigurationException>(() => CollectorOptions.Load(path));

        Assert.StartsWith(path + ": ", error.Message, StringComparison.Ordinal);
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', error.Message);
    }

    [Fact]
    public void Load_NoSuchFile_SaysWhatToDo()
    {
        CollectorConfigurationException error = Assert.Throws<CollectorConfigurationException>(
            () => CollectorOptions.Load(Path.Combine(_directory, "absent.json")));

        Assert.Contains("give the path of a configuration file", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_KeyFileOpenToOthers_NamesTheSetting()
    {
        CollectorOptions options = Options();
        File.SetUnixFileMode(options.KeyFile!, UnixFileMode.UserRead | UnixFileMode.OtherRead);

        Assert.StartsWith("keyFile: ", await FailureAsync(options), StringComparison.Ordinal);
        Assert.False(File.Exists(options.Store));
    }

    [Fact]
    public async Task Start_WebNotLoopback_IsRefused() => Assert.Contains(
        "SSH tunnel", await FailureAsync(Options() with { Web = new IPEndPoint(IPAddress.IPv6Any, 0) }), StringComparison.Ordinal);

    [Fact]
    public async Task Start_PortInUse_SaysSo()
    {
        using TcpListener other = new(IPAddress.IPv6Loopback, 0);
        other.Start();

        Assert.Contains(
            "is already in use; stop the other program or choose another port",
            await FailureAsync(Options() with { Ingest = (IPEndPoint)other.LocalEndpoint }), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_AddressOfAnotherHost_SaysSo() => Assert.Contains(
        "choose an address of this host",
        await FailureAsync(Options() with { Ingest = new IPEndPoint(IPAddress.Parse("2001:db8::1"), 0) }), StringComparison.Ordinal);

    [Fact]
    public async Task Start_StoreOfAnotherCollector_SaysSo()
    {
        await using CollectorHost first = await CollectorHost.StartAsync(Options(), CancellationToken.None);

        Assert.Contains("is in use by another collector", await FailureAsync(Options()), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_NoDirectoryForTheStore_SaysHowToMakeIt() => Assert.Contains(
        "create it: mkdir -p",
        await FailureAsync(Options() with { Store = Path.Combine(_directory, "absent", "c.db") }), StringComparison.Ordinal);

    [Fact]
    public async Task Start_StoreThatIsSomethingElse_IsLeftAlone()
    {
        CollectorOptions options = Options();
        File.WriteAllText(options.Store, new string('x', 5000));

        Assert.Contains("is not an SQLite file", await FailureAsync(options), StringComparison.Ordinal);
        Assert.Equal(5000, new FileInfo(options.Store).Length);
    }

    [Theory]
    [InlineData("PRAGMA user_version = 99", "written by a newer collector")]
    [InlineData("CREATE TABLE other (x)", "an SQLite file of something else")]
    public async Task Start_StoreOfAnotherKind_IsRefused(string sql, string expected)
    {
        CollectorOptions options = Options();
        using (SqliteConnection connection = new($"Data Source={options.Store};Pooling=False"))
        {
            connection.Open();
            using SqliteCommand command = connection.CreateCommand();
#pragma warning disable CA2100 // A constant of this test.
            command.CommandText = sql;
#pragma warning restore CA2100
            command.ExecuteNonQuery();
        }

        Assert.Contains(expected, await FailureAsync(options), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_MemoryStore_Works()
    {
        await using CollectorHost host = await CollectorHost.StartAsync(
            Options() with { Store = CollectorOptions.MemoryStore }, CancellationToken.None);
        using HttpClient web = new() { BaseAddress = new Uri($"http://{host.WebAddress}") };

        Assert.Equal("[]", await web.GetStringAsync("/v1/groups"));
        Assert.Equal("[]", await web.GetStringAsync("/v1/groups?seconds=60"));
    }

    [Fact]
    public async Task Start_FileStore_IsForItsOwnerOnly()
    {
        CollectorOptions options = Options();
        await using CollectorHost host = await CollectorHost.StartAsync(options, CancellationToken.None);

        foreach (string file in Directory.GetFiles(_directory, "collector.db*"))
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
    }

    private CollectorOptions Options()
    {
        string key = Path.Combine(_directory, "lab.key");
        if (!File.Exists(key))
            KeyFile.Create(key);
        return new CollectorOptions
        {
            KeyFile = key,
            Ingest = new IPEndPoint(IPAddress.IPv6Loopback, 0),
            Web = new IPEndPoint(IPAddress.IPv6Loopback, 0),
            Store = Path.Combine(_directory, "collector.db"),
        };
    }

    private static async Task<string> FailureAsync(CollectorOptions options)
    {
        CollectorConfigurationException error = await Assert.ThrowsAsync<CollectorConfigurationException>(
            () => CollectorHost.StartAsync(options, CancellationToken.None));
        Assert.DoesNotContain('\n', error.Message);
        return error.Message;
    }

    private string Write(string text)
    {
        string path = Path.Combine(_directory, "collector.json");
        File.WriteAllText(path, text);
        return path;
    }
}
