using System.Diagnostics;

namespace Pdm6.Fuzz.Tests;

/// <summary>The program as <c>fuzz/run</c> calls it.</summary>
public sealed class ProgramTests : IDisposable
{
    private readonly Laboratory _laboratory = new();

    public void Dispose() => _laboratory.Dispose();

    [Theory]
    [InlineData("reads-too-far")]
    [InlineData("reads-too-early")]
    [InlineData("hangs")]
    public void Run_FaultThatKillsTheProcess_LeavesTheInput(string fault)
    {
        (int code, _) = Run("--planted", "--target", fault, "--inputs", "1000000", "--longest-input", "1");
        Assert.InRange(code, 128, 255);

        (code, string output) = Run("--planted", "--recover");

        Assert.Equal(1, code);
        Assert.Contains($"--target {fault}", output, StringComparison.Ordinal);
        string file = Assert.Single(Directory.EnumerateFiles(Path.Combine(_laboratory.Directory, fault)));
        Assert.Equal(0, Run("--planted", "--recover").Code);
        if (fault != "hangs")
            Assert.InRange(Run("--planted", "--replay", file, "--target", fault).Code, 128, 255);
    }

    [Fact]
    public void Run_FaultThatThrows_SaysHowToReplayIt()
    {
        (int code, string output) = Run("--planted", "--target", "throws", "--inputs", "100000", "--seed", "5");
        Assert.Equal(1, code);
        Assert.Contains("seed 5", output, StringComparison.Ordinal);
        string file = Assert.Single(Directory.EnumerateFiles(Path.Combine(_laboratory.Directory, "throws")));
        Assert.Contains($"--replay {file} --target throws", output, StringComparison.Ordinal);
        (code, output) = Run("--planted", "--replay", file, "--target", "throws");
        Assert.Equal(1, code);
        Assert.Contains(nameof(ArgumentOutOfRangeException), output, StringComparison.Ordinal);
    }

    [Fact]
    public void Run_CountedInputs_RunsExactlyThem()
    {
        (int code, string output) = Run("--inputs", "50000", "--seed", "1");
        Assert.Equal(0, code);
        Assert.Contains(" 50,000 inputs", output, StringComparison.Ordinal);
        Assert.Contains("0 failures", output, StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFiles(_laboratory.Directory));
    }

    [Fact]
    public void Run_Grow_AddsWhatIsNew()
    {
        string corpus = Path.Combine(_laboratory.Directory, "corpus");
        Run("--inputs", "20000", "--seed", "1", "--target", "tlv", "--grow", "--corpus", corpus);
        Assert.InRange(Directory.EnumerateFiles(Path.Combine(corpus, "tlv")).Count(), 1, 32);
    }

    [Theory]
    [InlineData("--inputs")]
    [InlineData("--inputs", "-1")]
    [InlineData("--frobnicate")]
    [InlineData("--target", "nobody")]
    [InlineData("--replay", "nowhere", "--target", "tlv")]
    public void Run_WrongUse_Says2(params string[] arguments) => Assert.Equal(2, Run(arguments).Code);

    private (int Code, string Output) Run(params string[] arguments)
    {
        ProcessStartInfo start = new(Path.Combine(AppContext.BaseDirectory, "pdm6-fuzz"))
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            // A process that shall die needs to leave no core.
            Environment = { ["DOTNET_DbgEnableMiniDump"] = "0" },
        };
        string[] all = [.. arguments, "--artifacts", _laboratory.Directory];
        if (arguments.Length == 1 && arguments[0] == "--inputs")
            all = arguments;
        foreach (string argument in all)
            start.ArgumentList.Add(argument);
        using Process process = Process.Start(start)!;
        Task<string> error = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output + error.Result);
    }
}
