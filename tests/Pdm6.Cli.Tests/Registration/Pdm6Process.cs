using System.Collections.Concurrent;
using System.Diagnostics;

namespace Pdm6.Cli.Tests.Registration;

/// <summary>The command in a process of its own.</summary>
internal sealed class Pdm6Process : IAsyncDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(120);

    private readonly Process _process;
    private readonly ConcurrentQueue<string> _errors = new();
    private readonly Task<string> _output;

    private Pdm6Process(Process process)
    {
        _process = process;
        process.ErrorDataReceived += (_, line) =>
        {
            if (line.Data is not null)
                _errors.Enqueue(line.Data);
        };
        process.BeginErrorReadLine();
        _output = process.StandardOutput.ReadToEndAsync();
    }

    public static Pdm6Process Start(params string[] arguments) => new(Process.Start(
        new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "pdm6.dll"), .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!);

    /// <summary>Runs to the end.</summary>
    public static async Task<(int Code, string Output, string Errors)> RunAsync(params string[] arguments)
    {
        await using Pdm6Process process = Start(arguments);
        return await process.EndAsync();
    }

    public async Task<(int Code, string Output, string Errors)> EndAsync()
    {
        using CancellationTokenSource patience = new(s_patience);
        await _process.WaitForExitAsync(patience.Token);
        return (_process.ExitCode, await _output.WaitAsync(patience.Token), string.Join('\n', _errors));
    }

    /// <summary>Waits for a line on standard error, and returns it.</summary>
    public async Task<string> WaitForLineAsync(string text)
    {
        using CancellationTokenSource patience = new(s_patience);
        while (true)
        {
            if (_errors.FirstOrDefault(line => line.Contains(text, StringComparison.Ordinal)) is { } found)
                return found;
            if (_process.HasExited)
                throw new InvalidOperationException($"pdm6 ended: {string.Join('\n', _errors)}");
            await Task.Delay(5, patience.Token);
        }
    }

    /// <summary>Kills it with SIGKILL as soon as a condition holds, or finds that it has ended before.</summary>
    public async Task KillWhenAsync(Func<Task<bool>> condition)
    {
        using CancellationTokenSource patience = new(s_patience);
        while (!_process.HasExited && !await condition())
            await Task.Delay(1, patience.Token);
        _process.Kill();
        await _process.WaitForExitAsync(patience.Token);
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
            _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }
}
