using System.Diagnostics;

namespace Pdm6.Cli.Analysis;

/// <summary>How far a capture was read, on a line of its own that goes away at the end. Writes nothing but to a
/// terminal.</summary>
internal sealed class ProgressLine : IDisposable
{
    private const int Width = 40;
    private static readonly TimeSpan s_interval = TimeSpan.FromMilliseconds(100);

    private readonly TextWriter? _terminal;
    private readonly long _start = Stopwatch.GetTimestamp();
    private long _shown;
    private bool _isUp;

    /// <param name="errors">Where to, if it is a terminal.</param>
    /// <param name="isTerminal">Whether it is.</param>
    internal ProgressLine(TextWriter errors, bool isTerminal) => _terminal = isTerminal ? errors : null;

    /// <summary>Shows the share that was read, 0 to 1, at most ten times a second; null says that it is not
    /// known.</summary>
    internal void Show(double? share)
    {
        if (_terminal is null || (_isUp && Stopwatch.GetElapsedTime(_shown) < s_interval))
            return;
        (_isUp, _shown) = (true, Stopwatch.GetTimestamp());
        double seconds = Stopwatch.GetElapsedTime(_start).TotalSeconds;
        int full = (int)(Math.Clamp(share ?? 0, 0, 1) * Width);
        _terminal.Write(share is { } known
            ? $"\r[{new string('#', full)}{new string('.', Width - full)}] {known * 100,3:0} %, {seconds:0} s "
            : $"\rreading, {seconds:0} s ");
        _terminal.Flush();
    }

    /// <summary>Takes the line away.</summary>
    public void Dispose()
    {
        if (_isUp)
            _terminal?.Write("\r\u001b[K");
    }
}
