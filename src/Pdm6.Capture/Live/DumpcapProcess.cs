using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;

namespace Pdm6.Capture.Live;

/// <summary>A running dumpcap (docs/decisions/0005) that writes pcapng into a pipe.</summary>
internal sealed partial class DumpcapProcess : IDisposable
{
    private const int Interrupt = 2;
    private const int MostLines = 20;

    private readonly Process _process;
    private readonly Queue<string> _lines = new();

    private DumpcapProcess(Process process)
    {
        _process = process;
        process.ErrorDataReceived += (_, line) => Remember(line.Data);
        process.BeginErrorReadLine();
    }

    /// <summary>The capture.</summary>
    public Stream Output => _process.StandardOutput.BaseStream;

    /// <summary>Starts it.</summary>
    /// <exception cref="LiveCaptureException">There is no dumpcap here.</exception>
    public static DumpcapProcess Start(LiveCaptureOptions options)
    {
        List<string> arguments = ["-q", "-w", "-"];
        foreach (string name in options.Interfaces)
            arguments.AddRange(["-i", name, "-f", options.KeepsAll ? "ip6 or (vlan and ip6)" : MeasurementFilter.Of(options.Wire)]);
        if (options.SnapLength > 0)
            arguments.AddRange(["-s", options.SnapLength.ToString(CultureInfo.InvariantCulture)]);
        if (options.Duration is { } duration)
            arguments.AddRange(["-a", string.Create(CultureInfo.InvariantCulture, $"duration:{duration.TotalSeconds:0.###}")]);
        ProcessStartInfo start = new("dumpcap", arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        try
        {
            return new DumpcapProcess(Process.Start(start)!);
        }
        catch (System.ComponentModel.Win32Exception missing)
        {
            throw new LiveCaptureException("dumpcap does not start: install wireshark-common.", missing);
        }
    }

    /// <summary>Asks it to end: it writes what it has, and what it missed.</summary>
    public void Stop()
    {
        if (!_process.HasExited)
            _ = kill(_process.Id, Interrupt);
    }

    /// <summary>Waits for the end, which must be near.</summary>
    /// <exception cref="LiveCaptureException">It failed; the message is what it said.</exception>
    public void ThrowIfFailed()
    {
        _process.WaitForExit();
        if (_process.ExitCode != 0)
            throw new LiveCaptureException($"dumpcap cannot capture: {string.Join(' ', Lines())}");
    }

    public void Dispose()
    {
        if (!_process.HasExited)
            _process.Kill();
        _process.Dispose();
    }

    private void Remember(string? line)
    {
        if (string.IsNullOrWhiteSpace(line))
            return;
        lock (_lines)
        {
            _lines.Enqueue(line.Trim());
            if (_lines.Count > MostLines)
                _lines.Dequeue();
        }
    }

    private string[] Lines()
    {
        lock (_lines)
            return [.. _lines];
    }

    [LibraryImport("libc")]
    private static partial int kill(int process, int signal);
}
