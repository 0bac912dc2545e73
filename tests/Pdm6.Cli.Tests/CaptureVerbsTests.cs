using System.Text.Json;
using Pdm6.Capture;

namespace Pdm6.Cli.Tests;

public sealed class CaptureVerbsTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("pdm6-cli-tests-").FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    private string PathOf(string name) => Path.Combine(_directory, name);

    /// <summary>A PDMv2 option in clear, in a UDP packet without link header.</summary>
    private string WriteCapture(int cut = 0)
    {
        byte[] packet = Convert.FromHexString(
            "60000000002c3c3f" + "20010db800000000000000000000000a" + "20010db800000000000000000000000b"
            + "1103" + "1e16200000000005" + "00000000000000010000000000000000" + "010400000000" + "9c400035000c00000102" + "0304");
        MemoryStream stream = new();
        using (PcapngWriter writer = new(stream))
        {
            writer.BeginSection("tests");
            writer.AddInterface(229, 0);
            writer.WritePacket(0, 1_700_000_000_000_000_000, packet, (uint)packet.Length);
            writer.WritePacket(0, 1_700_000_000_000_000_001, packet, (uint)packet.Length);
        }
        File.WriteAllBytes(PathOf("in.pcapng"), stream.ToArray()[..^cut]);
        return PathOf("in.pcapng");
    }

    private string WriteKey(UnixFileMode mode = UnixFileMode.UserRead | UnixFileMode.UserWrite)
    {
        File.WriteAllText(PathOf("key"), new string('a', 64));
        File.SetUnixFileMode(PathOf("key"), mode);
        return PathOf("key");
    }

    [Fact]
    public async Task Analyze_Json_GoesToOutputAlone()
    {
        (int code, string output, string errors) = await Tool.RunAsync("analyze", WriteCapture(), "--format", "json");
        Assert.Equal((0, ""), (code, errors));
        Assert.Equal(2, JsonDocument.Parse(output).RootElement.GetProperty("totals").GetProperty("clear").GetInt32());
    }

    [Fact]
    public async Task Analyze_CaptureCutShort_GivesResultsALineAndFailure()
    {
        (int code, string output, string errors) = await Tool.RunAsync("analyze", WriteCapture(cut: 5), "--format", "json");
        Assert.Equal(1, code);
        Assert.Equal(1, JsonDocument.Parse(output).RootElement.GetProperty("totals").GetProperty("clear").GetInt32());
        Assert.Matches("^pdm6: The capture is cut short [^\n]*\n$", errors);
    }

    [Fact]
    public async Task Analyze_HtmlAndSvg_AreWrittenOnceUnlessForced()
    {
        string[] arguments = ["analyze", WriteCapture(), "--html", PathOf("a.html"), "--svg", PathOf("a.svg")];
        Assert.Equal(0, (await Tool.RunAsync(arguments)).Code);
        Assert.EndsWith("</html>\n", File.ReadAllText(PathOf("a.html")), StringComparison.Ordinal);
        Assert.EndsWith("</svg>\n", File.ReadAllText(PathOf("a.svg")), StringComparison.Ordinal);
        (int code, _, string errors) = await Tool.RunAsync(arguments);
        Assert.Equal(1, code);
        Assert.Contains("--force", errors, StringComparison.Ordinal);
        Assert.Equal(0, (await Tool.RunAsync([.. arguments, "--force"])).Code);
    }

    [Theory]
    [InlineData("--format", "xml", "There is no format 'xml'")]
    [InlineData("--suite", "3", "suites 1")]
    [InlineData("--option-type", "0x1ff", "--option-type")]
    [InlineData("--exid", "x", "--exid")]
    [InlineData("--from", "yesterday", "--from")]
    [InlineData("--address", "10.0.0.1", "--address")]
    [InlineData("--protocol", "carrier-pigeon", "--protocol")]
    [InlineData("--max-flows", "0", "--max-flows")]
    [InlineData("--base-secret-file", "/nonexistent", "does not exist")]
    public async Task Analyze_WrongUse_SaysWhatInOneLine(string option, string value, string message)
    {
        (int code, string output, string errors) = await Tool.RunAsync("analyze", WriteCapture(), option, value);
        Assert.Equal((2, ""), (code, output));
        Assert.Contains(message, errors, StringComparison.Ordinal);
        Assert.Single(errors.Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }

    [Fact]
    public async Task Analyze_KeyOpenToOthers_IsRefused()
    {
        string key = WriteKey(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.OtherRead);
        (int code, _, string errors) = await Tool.RunAsync("analyze", WriteCapture(), "--key-file", key);
        Assert.Equal(2, code);
        Assert.Contains("chmod 600", errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Analyze_AnnouncementsThatAreNone_AreRefused()
    {
        File.WriteAllText(PathOf("announcements.json"), "[{}]");
        (int code, _, string errors) = await Tool.RunAsync(
            "analyze", WriteCapture(), "--key-file", WriteKey(), "--announcements", PathOf("announcements.json"));
        Assert.Equal(2, code);
        Assert.Contains("announcements.json", errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Analyze_TimeFilter_TakesUnixSecondsAndDates()
    {
        foreach (string to in (string[])["1700000000.000000001", "2023-11-14T22:13:20.0000001Z"])
        {
            (int code, string output, _) = await Tool.RunAsync("analyze", WriteCapture(), "--format", "json", "--to", to);
            Assert.Equal(0, code);
            int packets = JsonDocument.Parse(output).RootElement.GetProperty("totals").GetProperty("packets").GetInt32();
            Assert.Equal(to.EndsWith('Z') ? 2 : 1, packets);
        }
    }

    [Fact]
    public async Task Decrypt_Capture_WritesACopyForItsOwnerAndSaysWhatItDid()
    {
        string copy = PathOf("out.pcapng");
        string[] arguments = ["capture", "decrypt", WriteCapture(), copy, "--base-secret-file", WriteKey()];
        (int code, string output, string errors) = await Tool.RunAsync(arguments);
        Assert.Equal((0, ""), (code, errors));
        Assert.Matches("^opened 0 [^\n]*2 others\n$", output);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(copy));
        Assert.Equal(File.ReadAllBytes(PathOf("in.pcapng")), File.ReadAllBytes(copy));
        Assert.Equal(1, (await Tool.RunAsync(arguments)).Code);
        Assert.Equal(0, (await Tool.RunAsync([.. arguments, "--force"])).Code);
    }

    [Fact]
    public async Task Decrypt_InputThatIsNoCapture_FailsInOneLine()
    {
        File.WriteAllText(PathOf("text"), "this is no capture");
        (int code, _, string errors) = await Tool.RunAsync("capture", "decrypt", PathOf("text"), PathOf("out"), "--key-file", WriteKey());
        Assert.Equal(1, code);
        Assert.StartsWith("pdm6: This is neither pcapng nor pcap.", errors, StringComparison.Ordinal);
    }
}
