using System.Diagnostics;
using Pdm6.Lab;

namespace Pdm6.EndToEnd.Tests.Harm;

/// <summary>Mixed traffic through a router whose path MTU changes, with agents on both hosts or without.</summary>
/// <param name="Packets">How many packets, at least.</param>
/// <param name="PacketsPerSecond">How many a second, about, at most.</param>
/// <param name="PathChanges">How often the path MTU changes, at least.</param>
/// <param name="Lives">How many lives each agent has, at least.</param>
/// <param name="Sealed">How many packets (super-packets: one) agents seal before their last life, at least.</param>
/// <param name="Seed">Decides what agents and path do, and when; how that meets the traffic differs from run to run.</param>
internal sealed record HarmRun(long Packets, long PacketsPerSecond, int PathChanges, int Lives, long Sealed, int Seed)
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);

    internal async Task<HarmResult> RunAsync(bool withAgents)
    {
        KernelObjects objects = new();
        List<string> left = [];
        await using HarmNetwork network = HarmNetwork.Create();
        IReadOnlyList<string> before = Settings(network);
        RestlessAgents? agents = withAgents ? new RestlessAgents(network, Seed) : null;
        using IDisposable? files = agents;
        HarmResult result = await RunTrafficAsync(network, agents);
        IReadOnlyList<string> after = Settings(network);
        left.AddRange(after.Except(before).Select(setting => $"new setting: {setting}"));
        left.AddRange(before.Except(after).Select(setting => $"lost setting: {setting}"));
        left.AddRange((await objects.LeftAsync(s_patience)).Select(name => $"kernel: {name}"));
        left.AddRange(agents?.Files.Select(file => $"file: {file}") ?? []);
        return result with { Left = left };
    }

    private async Task<HarmResult> RunTrafficAsync(HarmNetwork network, RestlessAgents? agents)
    {
        using Pace pace = new(network.Packets, PacketsPerSecond);
        await using MixedTraffic traffic = await MixedTraffic.PrepareAsync(network, pace);
        using CancellationTokenSource stopTraffic = new(), stopAgents = new();
        long began = Stopwatch.GetTimestamp(), first = network.Packets();
        Task<TrafficReport>[] kinds = [.. traffic.Kinds.Select(kind => kind.RunAsync(stopTraffic.Token))];
        Task changing = network.Path.ChangeAsync(new Random(Seed), () => network.Packets() - first > Packets / 2, stopTraffic.Token);
        Task living = agents?.RunAsync(stopAgents.Token) ?? Task.CompletedTask;
        while (network.Packets() - first < Packets || network.Path.Changes < PathChanges || agents?.Lives < Lives
            || agents?.Totals.SealedPackets < Sealed)
        {
            // Nothing of it ends by itself: what has, has failed.
            if (await Task.WhenAny([.. kinds, changing, Task.Delay(200)]) is { IsFaulted: true } failed)
                await failed;
            if (agents is not null && (living.IsCompleted || agents.Failures.Count > 0))
                break;
        }
        await stopAgents.CancelAsync();
        await living; // agents end before the traffic does: also their end must disturb nobody
        await stopTraffic.CancelAsync();
        pace.Dispose(); // what is under way comes to its end
        await changing;
        TrafficReport[] reports = await Task.WhenAll(kinds);
        return new HarmResult(
            network.Packets() - first, Stopwatch.GetElapsedTime(began).TotalSeconds, network.Path.Changes, reports, [], agents);
    }

    private static IReadOnlyList<string> Settings(HarmNetwork network) =>
        [.. HostSettings.Of(network.Hosts.ClientLink.First), .. HostSettings.Of(network.Hosts.ServerLink.First)];
}
