using Pdm6.Agent.Paths;

namespace Pdm6.EndToEnd.Tests.Paths;

/// <summary>
/// Client and server with agents, a router between them that can be told to drop packets with options, and applications
/// that talk all the time.
/// </summary>
internal sealed class PathLaboratory : IAsyncDisposable
{
    private readonly Applications _applications;

    private PathLaboratory(MeasuredLaboratory measured) => (Measured, _applications) = (measured, new Applications(measured.Hosts));

    internal MeasuredLaboratory Measured { get; }

    internal Applications Applications => _applications;

    internal static async Task<PathLaboratory> StartAsync()
    {
        MeasuredLaboratory measured = await MeasuredLaboratory.StartAsync();
        PathLaboratory laboratory = new(measured);
        try
        {
            await measured.StartAgentsAsync(Applications.Rules);
            laboratory.Applications.Start();
            await laboratory.UntilAsync(measured.Client, paths => paths.Watched == 1 && paths.NotAsUsual.Count == 0, "the client's agent does not watch");
            await laboratory.UntilAsync(measured.Server, paths => paths.Watched == 1 && paths.NotAsUsual.Count == 0, "the server's agent does not watch");
            return laboratory;
        }
        catch
        {
            await laboratory.DisposeAsync();
            throw;
        }
    }

    /// <summary>Waits until an agent says something of its paths, while the applications go on.</summary>
    internal async Task UntilAsync(RunningAgent agent, Func<PathReport, bool> condition, string otherwise)
    {
        PathReport? last = null;
        await Poll.UntilAsync(
            async () =>
            {
                Applications.ThrowIfFailed();
                return condition(last = (await agent.TryStatusAsync())?.Paths ?? PathReport.Empty);
            },
            () => $"{otherwise}: {last}, {string.Join(", ", last!.NotAsUsual)}");
    }

    /// <summary>Packets that a rule of an agent measured, and that it left alone for want of a form.</summary>
    internal static async Task<(long Sealed, long WithoutForm)> CountersAsync(RunningAgent agent, string rule)
    {
        Export.RuleCounters counters = (await agent.CountersAsync()).Rules.Single(candidate => candidate.Name == rule);
        return (counters.Sealed, counters.LeftAlone.GetValueOrDefault("no-form"));
    }

    public async ValueTask DisposeAsync()
    {
        await _applications.DisposeAsync();
        await Measured.DisposeAsync();
    }
}
