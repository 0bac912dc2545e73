using System.Buffers.Binary;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Http;
using Pdm6.Agent.Configuration;
using Pdm6.Agent.Status;
using Pdm6.Agent.Tests.Support;
using Pdm6.Datapath;
using Pdm6.Datapath.Tests;
using Pdm6.Export;
using Pdm6.Security;
using Pdm6.Wire;

namespace Pdm6.Agent.Tests;

/// <summary>Two agents on real interfaces with real packets between them, and a collector that keeps everything.</summary>
public sealed class AgentHostTests : IDisposable
{
    private const int Port = 4711;
    private readonly string _directory = Directory.CreateTempSubdirectory("pdm6-agent-").FullName;

    private string KeyFilePath => Path.Combine(_directory, "lab.key");

    public AgentHostTests() => KeyFile.Create(KeyFilePath);

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [KernelFact]
    public async Task RunAsync_TrafficAcrossEpochChanges_IsSealedAuthenticatedAndCountedExactly()
    {
        using KeyFile key = KeyFile.Load(KeyFilePath);
        await using TestCollector collector = await TestCollector.StartAsync(key.Secret.ToArray());
        using TwoHosts hosts = new();
        using CancellationTokenSource stop = new();
        using AgentHost client = Start(hosts.Client, Configuration("client", collector.Address));
        using AgentHost server = Start(hosts.Server, Configuration("server", collector.Address));
        Task running = Task.WhenAll(client.RunAsync(stop.Token), server.RunAsync(stop.Token));
        await Until(() => client.Status is { PairsWithKey: > 0, ReceivingKeys: > 1 } && server.Status is { PairsWithKey: > 0, ReceivingKeys: > 1 }, client, server);
        long firstEpoch = client.Status.EpochIndex;

        int exchanged = await ExchangeAsync(hosts, () => client.Status.EpochIndex >= firstEpoch + 4);
        await stop.CancelAsync();
        await running;

        Observation[] observations = [.. collector.Observations.Select(entry => entry.Observation)];
        Assert.Equal(2 * exchanged, observations.Length);
        Assert.All(observations, observation => Assert.Equal(ObservationVerdict.Accepted, observation.Verdict));
        Assert.True(observations.Select(observation => Epoch(observation)).Distinct().Count() >= 4);
        Assert.Equal(observations.Length, observations.Select(o => (o.Flow, Epoch(o), Psntp(o))).Distinct().Count());
        foreach (AgentDescription agent in collector.Agents.Values)
        {
            CounterReport report = collector.Reports[agent.IncarnationId];
            Assert.Equal((exchanged, exchanged), ((int)report.Rules[0].Selected, (int)report.Rules[0].Sealed));
            Assert.Equal(exchanged, report.Ingress["accepted"]);
            Assert.Equal((0, 0), (report.RingLost, report.ExportLost));
            Assert.Equal(exchanged, collector.Sent.Where(entry => entry.Key.ContextId == agent.Announcement.ContextId).Sum(entry => entry.Value));
        }
        AssertOpens(collector, key, observations);
    }

    [KernelFact]
    public async Task RunAsync_CollectorAwayForAWhile_LosesNothing()
    {
        using KeyFile key = KeyFile.Load(KeyFilePath);
        await using TestCollector collector = await TestCollector.StartAsync(key.Secret.ToArray());
        using TwoHosts hosts = new();
        using CancellationTokenSource stop = new();
        using AgentHost client = Start(hosts.Client, Configuration("client", collector.Address));
        using AgentHost server = Start(hosts.Server, Configuration("server", collector.Address));
        Task running = Task.WhenAll(client.RunAsync(stop.Token), server.RunAsync(stop.Token));
        await Until(() => client.Status is { PairsWithKey: > 0, ReceivingKeys: > 1 } && server.Status is { PairsWithKey: > 0, ReceivingKeys: > 1 }, client, server);

        collector.IsBusy = true;
        int exchanged = await ExchangeAsync(hosts, () => client.Status.ObservationsWaiting > 20);
        Assert.NotEqual("", client.Status.CollectorTrouble);
        collector.IsBusy = false;
        await Until(() => collector.Observations.Count == 2 * exchanged);
        await stop.CancelAsync();
        await running;

        Assert.Equal(2 * exchanged, collector.Observations.Count);
    }

    [KernelFact]
    public async Task RunAsync_ObservationsThatNobodyTakesAtTheEnd_LeavesTimeForTheLastReport()
    {
        using KeyFile key = KeyFile.Load(KeyFilePath);
        await using TestCollector collector = await TestCollector.StartAsync(key.Secret.ToArray());
        using TwoHosts hosts = new();
        using CancellationTokenSource stop = new();
        bool takesReports = false;
        collector.Instead = request => request.Path.Value switch
        {
            ExportRoutes.Observations => Results.StatusCode(503),
            ExportRoutes.Counters when !Volatile.Read(ref takesReports) => Results.StatusCode(503),
            _ => null,
        };
        using AgentHost client = Start(hosts.Client, Configuration("client", collector.Address));
        using AgentHost server = Start(hosts.Server, Configuration("server", collector.Address));
        Task running = Task.WhenAll(client.RunAsync(stop.Token), server.RunAsync(stop.Token));
        await Until(() => client.Status is { PairsWithKey: > 0, ReceivingKeys: > 1 } && server.Status is { PairsWithKey: > 0, ReceivingKeys: > 1 }, client, server);
        int exchanged = await ExchangeAsync(hosts, () => client.Status.ObservationsWaiting > 0 && server.Status.ObservationsWaiting > 0);

        Volatile.Write(ref takesReports, true);
        await stop.CancelAsync();
        await running;

        Assert.Equal([exchanged, exchanged], collector.Reports.Values.Select(report => (int)report.Rules[0].Sealed));
    }

    [KernelFact]
    public async Task RunAsync_UnregisteredDestination_GetsAKeyWhenPolicySaysSo()
    {
        using KeyFile key = KeyFile.Load(KeyFilePath);
        await using TestCollector collector = await TestCollector.StartAsync(key.Secret.ToArray());
        using TwoHosts hosts = new();
        using CancellationTokenSource stop = new();
        using AgentHost client = Start(hosts.Client, Configuration("client", collector.Address) with { UnregisteredDestinations = true });
        Task running = client.RunAsync(stop.Token);

        await ExchangeAsync(hosts, () => client.Status.Counters.Rules[0].Sealed > 0);
        await stop.CancelAsync();
        await running;

        Assert.Equal(1, client.Status.PairsWithKey);
    }

    [KernelFact]
    public async Task Status_OverTheSocket_IsThatOfTheAgent()
    {
        using TwoHosts hosts = new();
        using AgentHost agent = Start(hosts.Client, Configuration("client", new Uri("https://[::1]:1")));

        AgentStatus status = await AgentStatus.AskAsync(Path.Combine(_directory, "client.sock"));

        Assert.Equal(("client", Environment.ProcessId), (status.Name, status.ProcessId));
        Assert.Equal([TwoHosts.ClientAddress], status.Addresses);
        Assert.Equal(agent.Status.ContextId, status.ContextId);
    }

    [KernelFact]
    public void Start_WhatCannotBe_IsOneLineAndChangesNothing()
    {
        using TwoHosts hosts = new();
        AgentConfiguration good = Configuration("client", new Uri("https://[::1]:1"));

        Assert.Equal("There is no interface eth7: 'ip link' lists those of this host", Refused(good with { Interfaces = ["eth7"] }));
        Assert.StartsWith("lo is not an Ethernet interface", Refused(good with { Interfaces = ["lo"] }), StringComparison.Ordinal);
        Assert.StartsWith("Key file '/nowhere' does not exist", Refused(good with { KeyFile = "/nowhere" }), StringComparison.Ordinal);
        Assert.Contains("cannot be the source", Refused(good with { Addresses = [Ipv6Address.Parse("ff02::1")] }), StringComparison.Ordinal);
        Assert.False(File.Exists(good.StatusSocket));
        using AgentHost first = Start(hosts.Client, good);
        Assert.StartsWith("An agent is already running behind", Refused(good), StringComparison.Ordinal);
        Assert.StartsWith("Another pdm6 agent is at work", Refused(good with { StatusSocket = Path.Combine(_directory, "2.sock") }), StringComparison.Ordinal);
        Assert.False(File.Exists(Path.Combine(_directory, "2.sock")));

        string Refused(AgentConfiguration configuration)
        {
            string message = Assert.Throws<AgentException>(() => Start(hosts.Client, configuration)).Message;
            Assert.DoesNotContain('\n', message);
            return message;
        }
    }

    private AgentConfiguration Configuration(string name, Uri collector) => new()
    {
        Name = name,
        Interfaces = ["eth0"],
        KeyFile = KeyFilePath,
        Collector = collector,
        Rules = [new RuleConfiguration("echo", new PolicyRule([new Ipv6Prefix(default, 0)], [NextHeader.Udp], [new PortRange(Port, Port)]))],
        EpochSeconds = 1,
        FlowTableSize = 256,
        StatusSocket = Path.Combine(_directory, $"{name}.sock"),
    };

    private static AgentHost Start(HostThread host, AgentConfiguration configuration)
    {
        AgentHost? agent = null;
        host.Run(() => agent = AgentHost.Start(configuration, _ => { }));
        return agent!;
    }

    /// <summary>Sends datagrams to and fro until the condition holds; returns how many each way.</summary>
    private static async Task<int> ExchangeAsync(TwoHosts hosts, Func<bool> enough)
    {
        using UdpClient client = TwoHosts.OpenUdp(hosts.Client, TwoHosts.ClientAddress, 0), server = TwoHosts.OpenUdp(hosts.Server, TwoHosts.ServerAddress, Port);
        using CancellationTokenSource deadline = new(TimeSpan.FromSeconds(60));
        IPEndPoint destination = new(IPAddress.Parse(TwoHosts.ServerAddress), Port);
        int exchanged = 0;
        while (!enough())
        {
            await client.SendAsync(new byte[] { 1, 2, 3 }, destination, deadline.Token);
            UdpReceiveResult question = await server.ReceiveAsync(deadline.Token);
            await server.SendAsync(question.Buffer, question.RemoteEndPoint, deadline.Token);
            Assert.Equal([1, 2, 3], (await client.ReceiveAsync(deadline.Token)).Buffer);
            exchanged++;
            await Task.Delay(2, deadline.Token); // paces the traffic; nothing waits for it
        }
        return exchanged;
    }

    private static void AssertOpens(TestCollector collector, KeyFile key, Observation[] observations)
    {
        Dictionary<Ipv6Address, Announcement> senders = collector.Agents.Values.ToDictionary(
            agent => Assert.Single(agent.Announcement.Addresses), agent => agent.Announcement);
        byte[] baseSecret = new byte[32], pairSecret = new byte[32], session = new byte[32], baseNonce = new byte[12], nonce = new byte[12];
        foreach (Observation observation in observations)
        {
            Announcement sender = senders[observation.Flow.Source];
            KeyDerivation.BaseSecretFromKeyFile(key.Secret, sender.IncarnationId, baseSecret);
            KeyDerivation.PairSecret(baseSecret, observation.Flow.Source, observation.Flow.Destination, pairSecret);
            OptionBytes bytes = observation.Option;
            Assert.Equal(Pdmv2ReadStatus.Ok, Pdmv2OptionView.TryRead(bytes, out Pdmv2OptionView option));
            KeyDerivation.SessionKey(pairSecret, sender.Suite, option.Epoch, session, baseNonce);
            Nonce.Build(baseNonce, observation.Flow, Carriage.DestinationOptionV2, option.Epoch, option.Psntp, nonce);
            using ShortAesGcm gcm = ShortAesGcm.Create(session);
            byte[] block = new byte[PdmMetrics.Size];
            Assert.True(gcm.TryOpen(nonce, option.AssociatedData, option.MetricBlock, option.Tag, block));
            Assert.True(sender.Timetable.IndexAt(observation.ObservedAtNs) - 1 <= (option.Epoch - sender.Timetable.FirstEpoch & 0xfff));
        }
    }

    private static int Epoch(Observation observation) => (observation.Option[2] & 0xf) << 8 | observation.Option[3];

    private static uint Psntp(Observation observation)
    {
        OptionBytes bytes = observation.Option;
        return BinaryPrimitives.ReadUInt32BigEndian(((ReadOnlySpan<byte>)bytes)[4..]);
    }

    private static async Task Until(Func<bool> condition, params AgentHost[] agents)
    {
        long start = Stopwatch.GetTimestamp();
        while (!condition())
        {
            Assert.True(Stopwatch.GetElapsedTime(start) < TimeSpan.FromSeconds(30),
                $"it did not come true: {string.Join('\n', agents.Select(agent => agent.Status))}");
            await Task.Delay(10);
        }
    }
}
