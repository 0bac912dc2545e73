namespace Pdm6.Cli.Tests;

public sealed class CommandLineToolTests
{
    [Fact]
    public async Task Run_NoArguments_ListsEveryVerbWithAnExample()
    {
        (int code, string output, string errors) = await Tool.RunAsync();

        Assert.Equal(0, code);
        Assert.Empty(errors);
        foreach (string verb in (string[])["pdm6 demo", "pdm6 lab relay", "pdm6 lab http-server"])
            Assert.Contains(verb, output);
    }

    [Theory]
    [InlineData("analyze")]
    [InlineData("capture", "decrypt")]
    [InlineData("key", "create")]
    [InlineData("probe")]
    public async Task Run_HelpOfVerbWithRequiredArguments_AsksForNone(params string[] verb)
    {
        (int code, string output, string errors) = await Tool.RunAsync([.. verb, "--help"]);

        Assert.Equal(0, code);
        Assert.Contains("Usage:", output);
        Assert.Empty(errors);
    }

    [Theory]
    [InlineData("demo", "--unknown")]
    [InlineData("no-such-verb")]
    [InlineData("lab", "relay")]
    [InlineData("lab", "relay", "--config", "/no/such/file")]
    [InlineData("lab", "http-server", "--address", "nowhere")]
    [InlineData("demo", "--seconds", "0")]
    [InlineData("demo", "--seconds", "soon")]
    [InlineData("demo", "--tamper", "101")]
    [InlineData("demo", "--tamper", "NaN")]
    [InlineData("demo", "--keep", "/dev/null")]
    [InlineData("probe", "::1", "-c", "some")]
    [InlineData("probe", "::1", "--format", "xml")]
    public async Task Run_WrongUse_SaysSoInOneLineAndEndsWithTwo(params string[] arguments)
    {
        (int code, string output, string errors) = await Tool.RunAsync(arguments);

        Assert.Equal(2, code);
        Assert.Empty(output);
        Assert.Single(errors.TrimEnd().Split('\n'));
        Assert.StartsWith("pdm6: ", errors);
    }

    [Fact]
    public async Task Run_RelayConfigurationWithUnknownMember_NamesIt()
    {
        string path = Path.GetTempFileName();
        await File.WriteAllTextAsync(path, """{ "clientSide": { "interface": "a", "nextHop": "02:00:00:00:00:01" }, "delay": 3 }""");

        (int code, _, string errors) = await Tool.RunAsync("lab", "relay", "--config", path);

        File.Delete(path);
        Assert.Equal(2, code);
        Assert.Contains("delay", errors);
    }
}
