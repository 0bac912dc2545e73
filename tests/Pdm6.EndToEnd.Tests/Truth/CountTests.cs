using System.Net.Sockets;
using System.Security.Cryptography;
using Pdm6.Collector.Api;
using Pdm6.Datapath.Tests.Nonces;
using Pdm6.EndToEnd.Tests.Nonces;
using Pdm6.Lab;

namespace Pdm6.EndToEnd.Tests.Truth;

/// <summary>Loss, duplicates and reordering, injected by lists, are counted exactly.</summary>
public class CountTests
{
    private const int SeriesPort = 7003, StreamPort = 7001, DnsPort = 53;
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);
    private static readonly string[] s_measured = ["2001:db8::/32"];

    private static readonly object[] s_rules = Rules("destopt-v2");

    private static object[] Rules(string udpCarriage) =>
    [
        new { name = "series", destinations = s_measured, protocols = (string[])["udp"], ports = (int[])[SeriesPort] },
        new { name = "dns", destinations = s_measured, protocols = (string[])["udp"], ports = (int[])[DnsPort], carriage = udpCarriage },
        new { name = "stream", destinations = s_measured, protocols = (string[])["tcp"], ports = (int[])[StreamPort] },
    ];

    [RootFact]
    public async Task LongFlow_ImpairedByLists_CollectorCountsExactlyThat()
    {
        const int packets = 300;
        // The very first and last packets among them: no later or earlier one of the series shows their loss.
        long[] lost = [1, 10, 50, 51, 52, 200, packets], duplicated = [20, 60, 61, 299], heldBack = [30, 90, 91, 150];
        await using MeasuredLaboratory laboratory = await MeasuredLaboratory.StartAsync();
        laboratory.WatchesPaths = false;
        await laboratory.StartAgentsAsync(s_rules);
        string log = laboratory.PathOf("decisions.jsonl");
        await laboratory.ImpairAsync(
            new Impairments
            {
                Loss = Selection.Of(lost),
                Duplication = Selection.Of(duplicated),
                Reordering = Selection.Of(heldBack),
                HoldBackMilliseconds = 200,
            },
            new Impairments(), log);
        using (Socket server = LaboratorySockets.ListenUdp(laboratory.Hosts, SeriesPort))
        using (Socket client = LaboratorySockets.ConnectUdp(laboratory.Hosts, SeriesPort))
        {
            for (int number = 0; number < packets; number++)
                await client.SendAsync(BitConverter.GetBytes(number));
            await laboratory.WaitForPacketsAsync(packets, 0);
        }
        await laboratory.StopAgentsAsync();
        await laboratory.StopRelayAsync();
        InjectedTruth truth = InjectedTruth.Read(log, "toServer");
        GroupView series = (await laboratory.ReadGroupsAsync())["series"];

        Assert.Equal(new InjectedTruth(packets - lost.Length, lost.Length, duplicated.Length, heldBack.Length), truth);
        Assert.Equal((packets, packets), (series.Selected, series.Sealed));
        Assert.Equal(truth, new InjectedTruth(series.Packets, series.Lost, series.Duplicated, series.Reordered));
        Assert.Equal((0, 0), (series.Ambiguous, series.Late));
    }

    [RootTheory]
    [InlineData("destopt-v2")]
    [InlineData("udp-option")]
    public async Task FlowsOfOnePacket_ImpairedByLists_CollectorCountsExactlyThat(string carriage)
    {
        const int flows = 200;
        long[] queriesLost = [1, 2, 77, 120, flows], answersLost = [1, 40, 41, 150];
        long[] queriesDoubled = [5, 100], answersDoubled = [10, 60, 61];
        await using MeasuredLaboratory laboratory = await MeasuredLaboratory.StartAsync();
        await using NameServer server = await NameServer.StartAsync(
            laboratory.Hosts, laboratory.Hosts.Server, LaboratoryAddresses.Server);
        laboratory.WatchesPaths = false;
        await laboratory.StartAgentsAsync(Rules(carriage));
        string log = laboratory.PathOf("decisions.jsonl");
        await laboratory.ImpairAsync(
            new Impairments { Loss = Selection.Of(queriesLost), Duplication = Selection.Of(queriesDoubled) },
            new Impairments { Loss = Selection.Of(answersLost), Duplication = Selection.Of(answersDoubled) }, log);
        // The server answers a doubled query twice.
        long answers = flows - queriesLost.Length + queriesDoubled.Length;
        List<Socket> clients = [];
        for (ushort number = 0; number < flows; number++)
        {
            // Sockets stay open, so that no two flows get one port and no answer meets a closed one.
            clients.Add(LaboratorySockets.ConnectUdp(laboratory.Hosts, DnsPort));
            await clients[^1].SendAsync(Transparency.DnsAnswers.Question(number, ($"q{number}.{NameServer.Domain}", 28)));
        }
        await laboratory.WaitForPacketsAsync(flows, answers);
        clients.ForEach(client => client.Dispose());
        await laboratory.StopAgentsAsync();
        await laboratory.StopRelayAsync();
        InjectedTruth toServer = InjectedTruth.Read(log, "toServer"), toClient = InjectedTruth.Read(log, "toClient");
        GroupView dns = (await laboratory.ReadGroupsAsync())["dns"];

        Assert.Equal(new InjectedTruth(flows - queriesLost.Length, queriesLost.Length, queriesDoubled.Length, 0), toServer);
        Assert.Equal(new InjectedTruth(answers - answersLost.Length, answersLost.Length, answersDoubled.Length, 0), toClient);
        Assert.Equal((flows + answers, flows + answers), (dns.Selected, dns.Sealed));
        Assert.Equal(
            new InjectedTruth(
                toServer.Departed + toClient.Departed, toServer.Lost + toClient.Lost, toServer.Duplicated + toClient.Duplicated, 0),
            new InjectedTruth(dns.Packets, dns.Lost, dns.Duplicated, dns.Reordered));
        Assert.Equal((0, 0), (dns.Ambiguous, dns.Late));
        Assert.True(dns.RoundTripNs.Samples > 0 && dns.ServerDelayNs.Samples > 0, $"{dns}");
    }

    [RootTheory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task SuperPackets_RouterForwardsOrSegments_CountOnceEach(bool segmented)
    {
        const int octets = 4 << 20;
        await using MeasuredLaboratory laboratory = await MeasuredLaboratory.StartAsync();
        // What the router sends on is cut by its kernel: segments with copies of one option arrive.
        laboratory.Hosts.ServerLink.Second.SetOffload(Offload.TcpSegmentation, !segmented);
        laboratory.WatchesPaths = false;
        await laboratory.StartAgentsAsync(s_rules);
        using WireCapture atServer = laboratory.Hosts.Server.Within(() => new WireCapture(Laboratory.MeasuredInterface));
        using WireCapture atClient = laboratory.Hosts.Client.Within(() => new WireCapture(Laboratory.MeasuredInterface));
        byte[] body = new byte[octets];
        ReproducibleBody.Fill(body, 0);
        using (Socket listener = LaboratorySockets.ListenTcp(laboratory.Hosts, StreamPort))
        using (Socket client = LaboratorySockets.ConnectTcp(laboratory.Hosts, StreamPort))
        using (Socket server = await listener.AcceptAsync())
        {
            using CancellationTokenSource patience = new(s_patience);
            using NetworkStream stream = new(server);
            ValueTask<byte[]> received = SHA256.HashDataAsync(stream, patience.Token);
            for (ReadOnlyMemory<byte> left = body; left.Length > 0;)
                left = left[await client.SendAsync(left, patience.Token)..];
            client.Shutdown(SocketShutdown.Send);
            Assert.Equal(SHA256.HashData(body), await received);
            server.Shutdown(SocketShutdown.Send);
            await Poll.UntilAsync(() => client.Poll(0, SelectMode.SelectRead), () => "the connection does not end");
        }
        await laboratory.QuietAsync();
        await laboratory.StopAgentsAsync();
        GroupView group = (await laboratory.ReadGroupsAsync())["stream"];

        Assert.True(group.Sealed > 0, $"{group}");
        // Two processors of one host can let its own packets overtake each other: what arrived is the truth.
        long reordered = ReorderedIn(atServer.Stop()) + ReorderedIn(atClient.Stop());
        Assert.Equal((group.Sealed, 0, 0, reordered), (group.Packets, group.Lost, group.Duplicated, group.Reordered));
        Assert.Equal(segmented, group.Ambiguous > 0);
    }

    private static long ReorderedIn(IEnumerable<SealedOption> arrived)
    {
        long reordered = 0;
        uint? highest = null;
        HashSet<uint> seen = [];
        foreach (SealedOption option in arrived)
        {
            bool first = seen.Add(option.Psntp);
            if (highest is { } number && (int)(option.Psntp - number) < 0)
                reordered += first ? 1 : 0;
            else
                highest = option.Psntp;
        }
        return reordered;
    }
}
