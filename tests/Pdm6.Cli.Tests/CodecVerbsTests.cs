using System.Diagnostics;
using Pdm6.Security;

namespace Pdm6.Cli.Tests;

/// <summary>The verbs of the codec, as a person and as a program use them.</summary>
public sealed class CodecVerbsTests : IDisposable
{
    private const string Object =
        """{"carriage":"udp-frame","flags":3,"sequence":1,"timestampMicroseconds":1699200000000000,"nonce":"000102030405060708090a0b","tlvs":[{"type":100,"value":"6b6d6f64"}]}""";

    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);

    private readonly string _keyFile = Path.Combine(Path.GetTempPath(), $"pdm6-{Guid.NewGuid():n}.key");

    public CodecVerbsTests() => KeyFile.Create(_keyFile);

    public void Dispose() => File.Delete(_keyFile);

    [Theory]
    [InlineData("encode", "destopt-v1", "destopt-v2-clear", "destopt-v2", "udp-option-clear", "udp-option", "udp-frame", "--key-file", "--pair-secret-file", "timestampMicroseconds", "icmpType", "exit code")]
    [InlineData("decode", "no-key", "authentication-failed", "unknown-version", "--carriage", "--flow", "--suite", "udpLength", "exit code")]
    public async Task Help_CodecVerb_SaysEverythingThatIsNeeded(string verb, params string[] words)
    {
        (int code, string output, _) = await Tool.RunAsync("codec", verb, "--help");
        Assert.Equal(0, code);
        Assert.All(words, word => Assert.Contains(word, output));
        Assert.All(output.Split('\n').SkipWhile(line => !line.StartsWith("Every line", StringComparison.Ordinal)
            && !line.StartsWith("A line", StringComparison.Ordinal)), line => Assert.InRange(line.Length, 0, 132));
    }

    [Theory]
    [InlineData("codec", "encode", "--key-file", "/no/such/file")]
    [InlineData("codec", "decode", "--pair-secret-file", "/dev/null")]
    [InlineData("codec", "decode", "--suite", "3")]
    [InlineData("codec", "decode", "--carriage", "ipv4")]
    [InlineData("codec", "decode", "--flow", "{}")]
    [InlineData("codec")]
    public async Task Run_WrongUse_SaysSoInOneLineAndEndsWithTwo(params string[] arguments)
    {
        (int code, string output, string errors) = await Tool.RunAsync(arguments);
        Assert.Equal(2, code);
        Assert.Empty(output);
        Assert.Single(errors.TrimEnd().Split('\n'));
    }

    [Fact]
    public async Task Vectors_Printed_AreOneJsonDocument()
    {
        (int code, string output, _) = await Tool.RunAsync("vectors");
        Assert.Equal(0, code);
        using System.Text.Json.JsonDocument document = System.Text.Json.JsonDocument.Parse(output);
        Assert.True(document.RootElement.GetProperty("vectors").GetArrayLength() > 100);
    }

    [Fact]
    public async Task EncodeAndDecode_AsProcesses_AnswerLineByLineAndEndWithTheirCodes()
    {
        using Process encode = Start("encode"), decode = Start("decode");
        for (int i = 0; i < 3; i++)
        {
            string hex = await AskAsync(encode, Object);
            Assert.StartsWith("020300000000000100060969d4670000000102030405060708090a0b", hex);
            Assert.StartsWith("""{"status":"ok","carriage":"udp-frame","version":2,"flags":3""", await AskAsync(decode, hex));
        }
        Assert.StartsWith("{\"error\":", await AskAsync(encode, "{}"));
        Assert.StartsWith("{\"status\":\"malformed\"", await AskAsync(decode, "{}"));
        Assert.Equal(1, await EndAsync(encode));
        Assert.Equal(0, await EndAsync(decode));
    }

    private static async Task<string> AskAsync(Process process, string line)
    {
        await process.StandardInput.WriteLineAsync(line);
        await process.StandardInput.FlushAsync();
        return await process.StandardOutput.ReadLineAsync().WaitAsync(s_patience) ?? "";
    }

    private static async Task<int> EndAsync(Process process)
    {
        process.StandardInput.Close();
        await process.WaitForExitAsync().WaitAsync(s_patience);
        return process.ExitCode;
    }

    private Process Start(string verb) => Process.Start(new ProcessStartInfo(
        "dotnet", [typeof(CommandLineTool).Assembly.Location, "codec", verb, "--key-file", _keyFile])
    {
        RedirectStandardInput = true,
        RedirectStandardOutput = true,
    })!;
}
