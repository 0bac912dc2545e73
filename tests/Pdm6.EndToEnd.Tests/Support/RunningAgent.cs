using Pdm6.Agent;
using Pdm6.Agent.Status;
using Pdm6.Export;
using Pdm6.Lab;

namespace Pdm6.EndToEnd.Tests;

/// <summary>An agent process and its status socket.</summary>
internal sealed class RunningAgent(LabProcess process, string statusSocket)
{
    private static readonly TimeSpan s_stop = TimeSpan.FromSeconds(60);

    /// <summary>Whether it has written a line, among its last ones, that holds a text.</summary>
    internal bool HasSaid(string text) => process.LastLines.Any(line => line.Contains(text, StringComparison.Ordinal));

    /// <summary>Where it answers.</summary>
    internal string StatusSocket => statusSocket;

    internal Task WaitForKeysAsync() => Poll.UntilAsync(
        async () => await TryStatusAsync() is { PairsWithKey: > 0, ReceivingKeys: > 0 }, () => process.Failure("has no keys").Message);

    /// <summary>The counters at a time after the call: what left and arrived before is in them.</summary>
    internal async Task<CounterReport> CountersAsync()
    {
        ulong called = (ulong)(DateTime.UtcNow - DateTime.UnixEpoch).Ticks * 100;
        AgentStatus? status = null;
        await Poll.UntilAsync(
            async () => (status = await TryStatusAsync()) is not null && status.Counters.AtUnixNs > called,
            () => process.Failure("counts no more").Message);
        return status!.Counters;
    }

    /// <summary>The epoch in use.</summary>
    internal async Task<int> EpochAsync() => (await StatusAsync()).Epoch;

    /// <summary>What it says of itself.</summary>
    internal Task<AgentStatus> StatusAsync() => AgentStatus.AskAsync(statusSocket);

    /// <summary>kill -9.</summary>
    internal async Task KillAsync() => await process.DisposeAsync();

    internal async Task StopAsync()
    {
        int code = await process.StopAsync(s_stop);
        if (code != 0)
            throw process.Failure($"ended with {code}");
    }

    /// <summary>What it says of itself; null if it does not listen yet.</summary>
    internal async Task<AgentStatus?> TryStatusAsync()
    {
        if (process.HasExited)
            throw process.Failure($"ended with {process.ExitCode}");
        try
        {
            return await AgentStatus.AskAsync(statusSocket);
        }
        catch (AgentException)
        {
            return null; // not listening yet
        }
    }
}
