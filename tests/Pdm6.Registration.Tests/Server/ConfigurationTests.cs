namespace Pdm6.Registration.Tests.Server;

/// <summary>The configuration file: every error names the setting and says what to do.</summary>
public sealed class ConfigurationTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    private string Path => System.IO.Path.Combine(_directory.Path, "registrar.json");

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void Example_IsTheDefaults()
    {
        File.WriteAllText(Path, RegistrarOptions.Example);

        RegistrarOptions options = RegistrarOptions.Load(Path), defaults = new() { Data = "/var/lib/pdm6/registrar" };

        Assert.Equal(defaults with { Names = options.Names, Rates = options.Rates }, options);
        Assert.Empty(options.Names);
    }

    [Theory]
    [InlineData("""{ "data": "d", "port": 1 }""", "\"port\" is not a setting")]
    [InlineData("""{ }""", "\"data\" is missing")]
    [InlineData("""{ "data": "" }""", "\"data\"")]
    [InlineData("""{ "data": "d", "listen": "here" }""", "[::]:8652")]
    [InlineData("""{ "data": "d", "certificateHours": 0 }""", "certificateHours")]
    [InlineData("""{ "data": "d", "authorityKey": "k" }""", "go together")]
    [InlineData("""{ "data": "d", "data": "e" }""", "not JSON")]
    [InlineData("[]", "in braces")]
    public void Configuration_ThatIsWrong_SaysWhatToDo(string json, string expected)
    {
        File.WriteAllText(Path, json);

        string message = Assert.Throws<RegistrarException>(() => RegistrarOptions.Load(Path)).Message;

        Assert.StartsWith(Path, message, StringComparison.Ordinal);
        Assert.Contains(expected, message, StringComparison.Ordinal);
    }

    [Fact]
    public void ConnectionString_ThatIsWrong_IsNotRepeated()
    {
        RegistrarOptions options = new() { Data = System.IO.Path.Combine(_directory.Path, "data"), Database = "Password=hush;Colour=red" };

        string message = Assert.Throws<RegistrarException>(() => RegistrarOperator.Open(options)).Message;

        Assert.DoesNotContain("hush", message, StringComparison.Ordinal);
    }
}
