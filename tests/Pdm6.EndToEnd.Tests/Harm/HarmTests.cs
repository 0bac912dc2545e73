using Pdm6.Lab;
using Xunit.Abstractions;

namespace Pdm6.EndToEnd.Tests.Harm;

/// <summary>"Do no harm": agents come, go and change under all kinds of traffic, and applications do not notice.</summary>
public class HarmTests(ITestOutputHelper output)
{
    [RootFact]
    public Task MixedTraffic_AgentsComeAndGo_NoErrorAndNothingLeft() => RequireNoHarmAsync(new HarmRun(
        Packets: 300_000, PacketsPerSecond: 20_000, PathChanges: 8, Lives: 4, Sealed: 500, Seed: 4));

    [LongFact]
    public Task MixedTrafficOfTenMillionPackets_AgentsComeAndGo_NoErrorAndNothingLeft() =>
        RequireNoHarmAsync(new HarmRun(
            Packets: 10_000_000, PacketsPerSecond: 100_000, PathChanges: 60, Lives: 12, Sealed: 20_000, Seed: 10));

    private async Task RequireNoHarmAsync(HarmRun run)
    {
        HarmResult without = await run.RunAsync(withAgents: false);
        output.WriteLine($"without agents: {without}");
        HarmResult with = await run.RunAsync(withAgents: true);
        output.WriteLine($"with agents: {with}");

        // First that the run was one: all kinds of traffic, all that can happen to agents, and sealed packets.
        Assert.All(without.Traffic.Concat(with.Traffic), report => Assert.True(report.Requests > 0, report.Name));
        RestlessAgents agents = with.Agents!;
        Assert.Empty(agents.Failures);
        Assert.True(agents.Stops > 0 && agents.Kills > 0 && agents.Reloads > 0 && agents.Refusals > 0, $"{with}");
        Assert.True(agents.Totals.SealedPackets >= run.Sealed && agents.Totals.Received.GetValueOrDefault("accepted") > 0, $"{with}");
        Assert.True(agents.Totals.Received.GetValueOrDefault("clear") > 0, $"{with}");

        foreach (TrafficReport report in with.Traffic)
            Assert.True(with.ErrorsOf(report.Name) <= without.ErrorsOf(report.Name), $"{report.Name}:\n{without}\n{with}");
        Assert.Empty(without.Left);
        Assert.Empty(with.Left);
    }
}
