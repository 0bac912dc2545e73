using System.Globalization;
using System.Text;
using System.Text.Json;
using Pdm6.Lab;

namespace Pdm6.EndToEnd.Tests;

/// <summary>A running demo, and all that belongs to it on this host.</summary>
internal sealed class DemoProcess
{
    private const string Marker = "PDM6_TEST_RUN";
    private const string HeldProgram = "prog_id:"; // in fdinfo of a descriptor of a program or link
    private static readonly TimeSpan s_start = TimeSpan.FromSeconds(90);

    // Programs inherit the environment from who starts them: so all of the run can be told, whatever it is.
    private readonly string _mark = $"{Marker}={Guid.NewGuid():N}";
    private readonly StringBuilder _output = new();
    private readonly LabProcess _process;

    private DemoProcess(IReadOnlyList<string> options)
    {
        CommandLine demo = Pdm6Program.Command(["demo", .. options]);
        _process = LabProcess.Start("pdm6 demo", CommandLine.Of("env", [_mark, demo.Program, .. demo.Arguments]), onOutput: line =>
        {
            lock (_output)
                _output.AppendLine(line);
        });
    }

    /// <summary>What it has written to standard output, and the last of standard error.</summary>
    internal string Output
    {
        get
        {
            lock (_output)
                return $"{_output}\nlast lines:\n{string.Join('\n', _process.LastLines.TakeLast(5))}";
        }
    }

    internal static DemoProcess Start(IReadOnlyList<string> options) => new(options);

    /// <summary>Waits until the demo measures.</summary>
    internal Task WaitUntilMeasuringAsync() => _process.WaitForLineAsync("measuring for", s_start);

    /// <summary>Presses Ctrl-C.</summary>
    internal void Interrupt() => _process.Interrupt();

    /// <summary>Waits for the end; the answer is the exit code.</summary>
    internal Task<int> WaitAsync() => _process.WaitAsync();

    /// <summary>The processes of the run.</summary>
    internal IReadOnlySet<int> Processes() => Directory.EnumerateDirectories("/proc")
        .Select(path => int.TryParse(Path.GetFileName(path), NumberStyles.None, CultureInfo.InvariantCulture, out int id) ? id : 0)
        .Where(id => id > 0 && EnvironmentOf(id).Split('\0').Contains(_mark)).ToHashSet();

    /// <summary>The network namespaces of the run.</summary>
    internal IReadOnlyList<string> Namespaces() =>
        [.. CommandLine.Of("ip", "netns", "list").Run().Split('\n')
            .Select(line => line.Split(' ')[0])
            .Where(name => NamespaceName.TryParse(name, out NamespaceName own) && own.ProcessId == _process.Id)];

    /// <summary>The kernel programs that processes of the run hold.</summary>
    internal IReadOnlySet<int> Programs() => Processes()
        .SelectMany(Files)
        .SelectMany(file => TextOf(file).Split('\n'))
        .Where(line => line.StartsWith(HeldProgram, StringComparison.Ordinal))
        .Select(line => int.Parse(line.AsSpan(HeldProgram.Length), NumberStyles.AllowLeadingWhite, CultureInfo.InvariantCulture))
        .ToHashSet();

    /// <summary>Of some kernel programs, those that are still there. Numbers are not used again.</summary>
    internal static IReadOnlyList<int> StillLoaded(IReadOnlySet<int> programs) =>
        [.. JsonDocument.Parse(CommandLine.Of("bpftool", "-j", "prog", "list").Run()).RootElement.EnumerateArray()
            .Select(program => program.GetProperty("id").GetInt32()).Where(programs.Contains)];

    private static string EnvironmentOf(int process) => TextOf($"/proc/{process}/environ");

    private static string[] Files(int process)
    {
        try
        {
            return Directory.GetFiles($"/proc/{process}/fdinfo");
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return []; // it has just ended
        }
    }

    private static string TextOf(string file)
    {
        try
        {
            return File.ReadAllText(file);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return ""; // the process has just ended, or closed it
        }
    }
}
