using System.Net.Sockets;
using Pdm6.Agent.Status;
using Pdm6.Datapath;
using Pdm6.Lab;

namespace Pdm6.EndToEnd.Tests.Paths;

/// <summary>A policy that measures packets to hosts that registered nowhere.</summary>
public class UnregisteredTests
{
    [RootFact]
    public async Task Agent_DestinationThatNobodyRegistered_IsAskedNothing()
    {
        await using MeasuredLaboratory laboratory =
            await MeasuredLaboratory.StartAsync(measured => Task.FromResult<ILaboratoryKeys>(new AnyDestination(measured.PathOf("lab.key"))));
        string log = laboratory.PathOf("decisions.jsonl");
        await laboratory.ImpairAsync(new Impairments(), new Impairments(), log);
        RunningAgent agent = laboratory.StartClientAgent(Applications.Rules);
        using Socket server = LaboratorySockets.ListenUdp(laboratory.Hosts, 7102), client = LaboratorySockets.ConnectUdp(laboratory.Hosts, 7102);

        AgentStatus? status = null;
        await Poll.UntilAsync(
            async () =>
            {
                await client.SendAsync(new byte[50]);
                status = await agent.TryStatusAsync();
                return status?.Counters.Rules.Any(rule => rule.Sealed > 500) == true;
            },
            () => $"the agent measures nothing: {status}");
        await agent.StopAsync();
        await laboratory.StopRelayAsync();

        RelayLogEntry[] seen = [.. RelayLogEntry.ReadAll(log)];
        Assert.Contains(seen, packet => packet.Psntp is not null);
        Assert.DoesNotContain(seen, packet => packet.DestinationPort == PathTable.ProbePort);
    }

    /// <summary>A key file for all, and destinations that nobody announced are measured too.</summary>
    private sealed class AnyDestination(string path) : ILaboratoryKeys
    {
        private readonly SharedKeyFile _keys = new(path);

        public IEnumerable<KeyValuePair<string, object>> CollectorSettings => _keys.CollectorSettings;

        public IEnumerable<KeyValuePair<string, object>> AgentSettings(string name) => [.. _keys.AgentSettings(name), new("unregisteredDestinations", true)];
    }
}
