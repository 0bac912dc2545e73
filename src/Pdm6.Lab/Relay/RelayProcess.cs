using System.Threading.Channels;

namespace Pdm6.Lab;

/// <summary>An <see cref="ImpairmentRelay"/> that runs as a program of its own (<see cref="RelayCommand"/>).</summary>
public sealed class RelayProcess : IAsyncDisposable
{
    private static readonly TimeSpan s_start = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan s_stop = TimeSpan.FromSeconds(70); // held packets leave in their time, at most 60 s

    private readonly LabProcess _process;
    private readonly Channel<string> _answers;
    private readonly SemaphoreSlim _asking = new(1);

    private RelayProcess(LabProcess process, Channel<string> answers)
    {
        _process = process;
        _answers = answers;
    }

    /// <summary>The program, to be watched.</summary>
    public LabProcess Process => _process;

    /// <summary>Starts <paramref name="command"/> on the router; returns when packets are being forwarded.</summary>
    /// <exception cref="LaboratoryException">It did not start.</exception>
    public static async Task<RelayProcess> StartAsync(Laboratory laboratory, CommandLine command, CancellationToken cancellation)
    {
        Channel<string> answers = Channel.CreateUnbounded<string>();
        LabProcess process = laboratory.Start(
            "the relay", laboratory.Router, command, withInput: true, onOutput: line => answers.Writer.TryWrite(line));
        await process.WaitForLineAsync(RelayCommand.ReadyText, s_start, cancellation).ConfigureAwait(false);
        return new RelayProcess(process, answers);
    }

    /// <summary>What was done so far.</summary>
    public async Task<RelayCounters> CountersAsync(CancellationToken cancellation)
    {
        await _asking.WaitAsync(cancellation).ConfigureAwait(false);
        try
        {
            await _process.Input.WriteLineAsync().ConfigureAwait(false);
            await _process.Input.FlushAsync(cancellation).ConfigureAwait(false);
            return RelayCommand.ReadCounters(await _answers.Reader.ReadAsync(cancellation).ConfigureAwait(false));
        }
        finally
        {
            _asking.Release();
        }
    }

    /// <summary>Stops taking packets in, lets the held ones go, and returns what was done.</summary>
    /// <exception cref="LaboratoryException">The relay failed.</exception>
    public async Task<RelayCounters> StopAsync()
    {
        int code = await _process.StopAsync(s_stop).ConfigureAwait(false);
        return code == 0 && _answers.Reader.TryRead(out string? last)
            ? RelayCommand.ReadCounters(last)
            : throw _process.Failure($"ended with {code}");
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _process.DisposeAsync().ConfigureAwait(false);
        _asking.Dispose();
    }
}
