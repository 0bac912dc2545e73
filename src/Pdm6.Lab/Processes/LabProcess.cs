using System.Diagnostics;
using Pdm6.Lab.Native;

namespace Pdm6.Lab;

/// <summary>
/// A program that runs beside the laboratory: it is watched, asked to stop by a signal, and killed with everything it
/// started if it does not. It gets a session of its own, so that Ctrl-C in a terminal reaches the laboratory only,
/// which then ends its programs in the right order.
/// </summary>
public sealed class LabProcess : IAsyncDisposable
{
    private const int KeptLines = 200;
    private static readonly TimeSpan GraceAfterKill = TimeSpan.FromSeconds(5);

    private readonly Process _process;
    private readonly Task _pumps;
    private readonly object _lock = new();
    private readonly Queue<string> _lines = new();
    private readonly List<Waiter> _waiters = [];

    private LabProcess(string name, CommandLine command, bool withInput, Action<string>? onOutput)
    {
        Name = name;
        Command = command;
        // A shell starts background jobs with SIGINT ignored, and that is inherited: Interrupt would reach nobody.
        _process = CommandLine.Of("setsid", ["env", "--default-signal=INT", command.Program, .. command.Arguments]).Start(withInput);
        _pumps = Task.WhenAll(PumpAsync(_process.StandardOutput, onOutput), PumpAsync(_process.StandardError, null));
    }

    /// <summary>What to call the program when speaking to a person.</summary>
    public string Name { get; }

    /// <summary>What was started.</summary>
    public CommandLine Command { get; }

    /// <summary>The process id.</summary>
    public int Id => _process.Id;

    /// <summary>True once the program has ended.</summary>
    public bool HasExited => _process.HasExited;

    /// <summary>The program's exit code.</summary>
    /// <exception cref="InvalidOperationException">It is still running.</exception>
    public int ExitCode => _process.ExitCode;

    /// <summary>Where to write what the program reads.</summary>
    /// <exception cref="InvalidOperationException">It was started without input.</exception>
    public StreamWriter Input => _process.StandardInput;

    /// <summary>
    /// Starts a program. <paramref name="onOutput"/> gets each line of its standard output, on a thread of the pool.
    /// </summary>
    /// <exception cref="MissingPrerequisiteException">It is not installed.</exception>
    public static LabProcess Start(
        string name, CommandLine command, bool withInput = false, Action<string>? onOutput = null) =>
        new(name, command, withInput, onOutput);

    /// <summary>The last lines that the program wrote, of both streams.</summary>
    public IReadOnlyList<string> LastLines
    {
        get
        {
            lock (_lock)
                return [.. _lines];
        }
    }

    /// <summary>Waits for a line, past or to come, that holds <paramref name="text"/>.</summary>
    /// <exception cref="LaboratoryException">The program ended, or the time was up, before it wrote one.</exception>
    public async Task<string> WaitForLineAsync(string text, TimeSpan limit, CancellationToken cancellation = default)
    {
        Waiter waiter = new(text);
        lock (_lock)
        {
            if (_lines.FirstOrDefault(line => line.Contains(text, StringComparison.Ordinal)) is { } past)
                return past;
            _waiters.Add(waiter);
        }
        Task ended = _process.WaitForExitAsync(cancellation);
        Task<string> seen = waiter.Seen.Task;
        await Task.WhenAny(seen, WhenDrainedAsync(ended), Task.Delay(limit, cancellation)).ConfigureAwait(false);
        cancellation.ThrowIfCancellationRequested();
        if (seen.IsCompleted)
            return await seen.ConfigureAwait(false);
        throw HasExited
            ? Failure($"ended with {ExitCode} before it was ready")
            : Failure($"was not ready within {limit.TotalSeconds:0} s");
    }

    /// <summary>Waits until the program has ended and all it wrote was read; returns its exit code.</summary>
    public async Task<int> WaitAsync(CancellationToken cancellation = default)
    {
        await WhenDrainedAsync(_process.WaitForExitAsync(cancellation)).WaitAsync(cancellation).ConfigureAwait(false);
        return ExitCode;
    }

    /// <summary>Sends SIGINT, as Ctrl-C in a terminal would.</summary>
    public void Interrupt() => Signal(Libc.SignalInterrupt);

    /// <summary>Sends SIGTERM and waits until the program has ended; kills it if that takes longer than
    /// <paramref name="limit"/>. Returns its exit code.</summary>
    /// <exception cref="LaboratoryException">It had to be killed.</exception>
    public async Task<int> StopAsync(TimeSpan limit)
    {
        Signal(Libc.SignalTerminate);
        using CancellationTokenSource timeout = new(limit);
        try
        {
            return await WaitAsync(timeout.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (timeout.IsCancellationRequested)
        {
            await DisposeAsync().ConfigureAwait(false);
            throw Failure($"did not stop within {limit.TotalSeconds:0} s and was killed");
        }
    }

    /// <summary>Kills the program and everything it started, if it still runs.</summary>
    public async ValueTask DisposeAsync()
    {
        if (!HasExited)
            _process.Kill(entireProcessTree: true);
        // A grandchild that escaped could hold the pipes open for ever: do not wait for them without end.
        await Task.WhenAny(_pumps, Task.Delay(GraceAfterKill)).ConfigureAwait(false);
    }

    /// <summary>An exception about this program that carries the last lines it wrote.</summary>
    public LaboratoryException Failure(string what) =>
        new($"{Name} {what}: {LastLines.LastOrDefault(line => !string.IsNullOrWhiteSpace(line)) ?? "no message"}");

    private void Signal(int signal)
    {
        if (!HasExited)
            _ = Libc.kill(Id, signal);
    }

    private async Task WhenDrainedAsync(Task ended)
    {
        await ended.ConfigureAwait(false);
        await _pumps.ConfigureAwait(false);
    }

    private async Task PumpAsync(StreamReader reader, Action<string>? onLine)
    {
        while (await reader.ReadLineAsync().ConfigureAwait(false) is { } line)
        {
            onLine?.Invoke(line);
            lock (_lock)
            {
                _lines.Enqueue(line);
                if (_lines.Count > KeptLines)
                    _lines.Dequeue();
                foreach (Waiter waiter in _waiters.Where(w => line.Contains(w.Text, StringComparison.Ordinal)))
                    waiter.Seen.TrySetResult(line);
            }
        }
    }

    private sealed record Waiter(string Text)
    {
        internal TaskCompletionSource<string> Seen { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
