using System.Text.Json;
using Pdm6.Lab;

namespace Pdm6.Cli.Tests.Demo;

/// <summary>The demo as a user runs it: a program of its own, from the first line to the last.</summary>
public sealed class DemoTests : IDisposable
{
    private readonly string _kept = Directory.CreateTempSubdirectory("pdm6-kept-").FullName;

    public void Dispose() => Directory.Delete(_kept, recursive: true);

    [Fact]
    public async Task Demo_ShortRun_EndsWellSaysSoAndLeavesOnlyWhatWasAskedFor()
    {
        List<string> output = [];
        await using LabProcess demo = LabProcess.Start(
            "demo", OwnProgram.Command("demo", "--seconds", "3", "--keep", _kept), onOutput: output.Add);
        int id = demo.Id;

        int code = await demo.WaitAsync();

        Assert.True(code == 0, string.Join('\n', output.Concat(demo.LastLines)));
        Assert.DoesNotContain(output, line => line.Contains('\x1b'));
        Assert.Contains(output, line => line.StartsWith("options sealed on the wire: ", StringComparison.Ordinal));
        Assert.Contains("clear metrics on the wire: 0", output);
        Assert.Contains(output, line => line.StartsWith("opened and authenticated: ", StringComparison.Ordinal));
        Assert.Contains("application errors: 0", output);
        Assert.Contains(output, line => line.StartsWith("slow: ", StringComparison.Ordinal) && line.EndsWith("The server is what takes the time.", StringComparison.Ordinal));
        AssertNothingIsLeft(id);

        Assert.Equal(
            [
                "analyzer.key", "announcements.json", "authority.crt", "client.pcapng", "demo.json", "envelopes.json", "router.pcapng",
                "server.pcapng", "summary.json",
            ],
            Directory.EnumerateFiles(_kept).Select(Path.GetFileName).Order());
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Path.Combine(_kept, "analyzer.key")));
        using JsonDocument summary = JsonDocument.Parse(await File.ReadAllBytesAsync(Path.Combine(_kept, "summary.json")));
        Assert.Equal(
            ["dns", "http", "slow", "download", "ping"],
            summary.RootElement.GetProperty("groups").EnumerateArray().Select(group => group.GetProperty("name").GetString()!));
    }

    [Theory]
    [InlineData("building")]
    [InlineData("starting the router")]
    [InlineData("starting the agents")]
    [InlineData("measuring")]
    public async Task Demo_InterruptedAt_LeavesNothing(string line)
    {
        await using LabProcess demo = LabProcess.Start("demo", OwnProgram.Command("demo", "--seconds", "60", "--keep", _kept));
        int id = demo.Id;
        await demo.WaitForLineAsync(line, TimeSpan.FromMinutes(2));

        demo.Interrupt();

        Assert.Equal(ExitCode.Interrupted, await demo.WaitAsync());
        AssertNothingIsLeft(id);
    }

    private static void AssertNothingIsLeft(int process)
    {
        Assert.DoesNotContain(
            Directory.EnumerateFiles("/run/netns").Select(Path.GetFileName),
            name => NamespaceName.TryParse(name!, out NamespaceName parsed) && parsed.ProcessId == process);
        Assert.Empty(Directory.EnumerateDirectories(Path.GetTempPath(), $"pdm6-demo-{process}-*"));
    }
}
