using System.Net;
using System.Text.Json;
using Pdm6.Collector.Api;
using Pdm6.Export;
using static Pdm6.Collector.Tests.Laboratory;

namespace Pdm6.Collector.Tests;

/// <summary>From sealed options through both listeners, the pipeline and the store to the answers.</summary>
public sealed class EndToEndTests
{
    private static ulong SecondsAgo(ulong seconds) => SimulatedHost.Now() - seconds * 1_000_000_000;

    [Fact]
    public async Task Groups_AfterExchanges_TellNetworkFromServer()
    {
        await using Laboratory laboratory = await StartAsync();
        await laboratory.PutBothAsync();
        ulong start = SecondsAgo(5);
        for (ushort i = 0; i < 200; i++)
        {
            laboratory.Exchange((ushort)(20000 + i), start + i * 10UL * Millisecond, 20 * Millisecond, 5 * Millisecond);
            laboratory.Exchange((ushort)(30000 + i), start + i * 10UL * Millisecond, 10 * Millisecond, 50 * Millisecond, rule: 1);
        }
        await laboratory.DeliverAsync();

        GroupView dns = await laboratory.GroupAsync("dns");
        Assert.Equal((400, 400, 0, 0, 0, 0), (dns.Packets, dns.Opened, dns.AuthenticationFailed, dns.Lost, dns.Duplicated, dns.Ambiguous));
        Assert.Equal(200, dns.RoundTripNs.Samples);
        AssertNear(40 * Millisecond, dns.RoundTripNs.P50);
        AssertNear(40 * Millisecond, dns.RoundTripNs.P99);
        Assert.Equal(200, dns.ServerDelayNs.Samples);
        AssertNear(5 * Millisecond, dns.ServerDelayNs.P50);
        Assert.Equal((1, 1, 1), (dns.Hops, dns.HopsMin, dns.HopsMax));

        GroupView http = await laboratory.GroupAsync("http");
        AssertNear(20 * Millisecond, http.RoundTripNs.P50);
        AssertNear(50 * Millisecond, http.ServerDelayNs.P50);

        TotalsView totals = await laboratory.TotalsAsync();
        Assert.Equal((800, 800, 0, 0, 0), (totals.Observations, totals.Opened, totals.AuthenticationFailed, totals.NoKey, totals.Lost));
    }

    [Fact]
    public async Task Groups_OfAPeriod_CoverThatPeriodOnly()
    {
        await using Laboratory laboratory = await StartAsync();
        await laboratory.PutBothAsync();
        laboratory.Exchange(1, SecondsAgo(90), 10 * Millisecond, Millisecond);
        laboratory.Exchange(2, SecondsAgo(1), 30 * Millisecond, Millisecond);
        await laboratory.DeliverAsync();

        Assert.Equal(2, (await laboratory.GroupAsync("dns")).RoundTripNs.Samples);
        Assert.Equal(2, (await laboratory.GroupAsync("dns", "?seconds=3600")).RoundTripNs.Samples);
        GroupView recent = await laboratory.GroupAsync("dns", "?seconds=45");
        Assert.Equal(1, recent.RoundTripNs.Samples);
        AssertNear(60 * Millisecond, recent.RoundTripNs.P50);

        IReadOnlyList<WindowView> windows = await laboratory.ListAsync(
            "/v1/groups/dns/windows?seconds=300", ApiJson.Default.IReadOnlyListWindowView);
        Assert.Equal([1L, 1L], windows.Where(window => window.RoundTripNs.Samples > 0).Select(window => window.RoundTripNs.Samples));
        Assert.Equal(4, windows.Sum(window => window.Packets));
        Assert.Equal(4, (await laboratory.ListAsync(
            "/v1/groups/dns/windows?seconds=600&step=60", ApiJson.Default.IReadOnlyListWindowView)).Sum(window => window.Packets));
    }

    [Fact]
    public async Task Groups_ForgedOptions_AreCountedAndNeverUsed()
    {
        await using Laboratory laboratory = await StartAsync();
        await laboratory.PutBothAsync();
        ulong start = SecondsAgo(5);
        for (ushort i = 0; i < 100; i++)
            laboratory.Exchange(
                (ushort)(20000 + i), start + i * Millisecond, 20 * Millisecond, 5 * Millisecond,
                onTheWay: i % 10 == 0 ? Tampered : null);
        await laboratory.DeliverAsync();

        GroupView dns = await laboratory.GroupAsync("dns");
        Assert.Equal((190, 190, 10), (dns.Packets, dns.Opened, dns.AuthenticationFailed));
        Assert.Equal(10, (await laboratory.TotalsAsync()).AuthenticationFailed);
        // The server's claim of when the forged requests arrived may not become a delay.
        Assert.Equal(90, dns.ServerDelayNs.Samples);

        static byte[] Tampered(byte[] option)
        {
            byte[] changed = [.. option];
            changed[12] ^= 0x40;
            return changed;
        }
    }

    [Fact]
    public async Task Lost_OptionsThatNobodyObserved_AreSentMinusDistinct()
    {
        await using Laboratory laboratory = await StartAsync(contextAgeSeconds: 3);
        await laboratory.PutBothAsync();
        for (ushort i = 0; i < 20; i++)
            laboratory.Exchange((ushort)(20000 + i), SecondsAgo(2), 20 * Millisecond, 5 * Millisecond);
        for (int i = 0; i < 3; i++)
            laboratory.SendIntoTheVoid(SecondsAgo(2));
        await laboratory.DeliverAsync();

        Assert.Equal(3, (await laboratory.GroupAsync("dns")).Lost);
        Assert.Equal(3, (await laboratory.TotalsAsync()).Lost);
        IReadOnlyList<WindowView> windows = await laboratory.ListAsync(
            "/v1/groups/dns/windows", ApiJson.Default.IReadOnlyListWindowView);
        Assert.Equal(3, windows.Sum(window => window.Lost));
    }

    [Fact]
    public async Task Lost_InAnEpochThatBeganBeforeTheCollector_IsNotClaimed()
    {
        await using Laboratory laboratory = await StartAsync(contextAgeSeconds: 50);
        await laboratory.PutBothAsync();
        laboratory.Exchange(1, SecondsAgo(2), 20 * Millisecond, 5 * Millisecond);
        laboratory.SendIntoTheVoid(SecondsAgo(40));
        await laboratory.DeliverAsync();

        Assert.Equal(0, (await laboratory.GroupAsync("dns")).Lost);
    }

    [Fact]
    public async Task Counters_OfSeveralReportsAndAgents_AddUpTheLastOfEach()
    {
        await using Laboratory laboratory = await StartAsync();
        await laboratory.PutBothAsync();
        Dictionary<string, long> mtu = new() { ["mtu"] = 4 };
        await laboratory.Client.Client.PostCountersAsync(
            laboratory.Client.Report(new RuleCounters("dns", 10, 9, new Dictionary<string, long> { ["mtu"] = 1 })), CancellationToken.None);
        CounterReport last = laboratory.Client.Report(new RuleCounters("dns", 106, 96, mtu, SentClear: 6)) with { RingLost = 7 };
        await laboratory.Client.Client.PostCountersAsync(last, CancellationToken.None);
        await laboratory.Client.Client.PostCountersAsync(last with { AtUnixNs = last.AtUnixNs - 1, RingLost = 1000 }, CancellationToken.None);
        await laboratory.Server.Client.PostCountersAsync(
            laboratory.Server.Report(new RuleCounters("dns", 51, 50, new Dictionary<string, long>(), SentClear: 1)), CancellationToken.None);
        await laboratory.FlushAsync();

        GroupView dns = await laboratory.GroupAsync("dns");
        Assert.Equal((157, 146, 7), (dns.Selected, dns.Sealed, dns.SentClear));
        Assert.Equal(mtu, dns.LeftAlone);
        Assert.Equal(7, (await laboratory.TotalsAsync()).RingLost);
        Assert.Equal(7, (await laboratory.ListAsync("/v1/agents", ApiJson.Default.IReadOnlyListAgentView))
            .Single(agent => agent.Name == "client").RingLost);
    }

    [Fact]
    public async Task Observations_BeforeTheirAnnouncement_WaitForIt()
    {
        await using Laboratory laboratory = await StartAsync();
        AssertTaken(await laboratory.Server.PutAsync());
        laboratory.Exchange(1, SecondsAgo(2), 20 * Millisecond, 5 * Millisecond);
        await laboratory.Server.SendObservedAsync();
        await UntilAsync(async () => (await laboratory.TotalsAsync()).Waiting == 1);

        AssertTaken(await laboratory.Client.PutAsync());
        await UntilAsync(async () => (await laboratory.TotalsAsync()).Opened == 1);
        TotalsView totals = await laboratory.TotalsAsync();
        Assert.Equal((0, 0), (totals.Waiting, totals.NoKey));
    }

    [Fact]
    public async Task Observations_OfASenderThatNeverAnnounces_CountAsNoKey()
    {
        await using Laboratory laboratory = await StartAsync();
        AssertTaken(await laboratory.Server.PutAsync());
        laboratory.Exchange(1, SecondsAgo(2), 20 * Millisecond, 5 * Millisecond);
        await laboratory.Server.SendObservedAsync();
        await laboratory.FlushAsync();

        TotalsView totals = await laboratory.TotalsAsync();
        Assert.Equal((1, 0, 1, 0), (totals.Observations, totals.Opened, totals.NoKey, totals.Waiting));
    }

    [Fact]
    public async Task Batch_SentTwice_CountsOnce()
    {
        await using Laboratory laboratory = await StartAsync();
        await laboratory.PutBothAsync();
        laboratory.Exchange(1, SecondsAgo(2), 20 * Millisecond, 5 * Millisecond);
        byte[] batch = await laboratory.Server.SendObservedAsync();
        await laboratory.Client.SendObservedAsync();
        AssertTaken(await laboratory.Server.Client.PostObservationsAsync(batch, CancellationToken.None));
        await laboratory.FlushAsync();

        TotalsView totals = await laboratory.TotalsAsync();
        Assert.Equal((2, 1), (totals.Observations, totals.RepeatedBatches));
        Assert.Equal(0, (await laboratory.GroupAsync("dns")).Duplicated);

        await laboratory.RestartAsync();
        AssertTaken(await laboratory.Server.Client.PostObservationsAsync(batch, CancellationToken.None));
        await laboratory.FlushAsync();
        Assert.Equal(2, (await laboratory.TotalsAsync()).Observations);
    }

    [Fact]
    public async Task Restart_WithAStore_KeepsHistoryAgentsAndAnnouncements()
    {
        await using Laboratory laboratory = await StartAsync();
        await laboratory.PutBothAsync();
        laboratory.Exchange(1, SecondsAgo(2), 20 * Millisecond, 5 * Millisecond);
        await laboratory.DeliverAsync();
        GroupView before = await laboratory.GroupAsync("dns");
        (_, AnnouncementPage? page) = await laboratory.Client.Client.GetAnnouncementsAsync(0, 0, CancellationToken.None);

        await laboratory.RestartAsync();

        Assert.Equivalent(before, await laboratory.GroupAsync("dns"), strict: true);
        Assert.Equivalent(before, await laboratory.GroupAsync("dns", "?seconds=30"), strict: true);
        (CollectorReply reply, AnnouncementPage? after) =
            await laboratory.Client.Client.GetAnnouncementsAsync(page!.Version, 30, CancellationToken.None);
        Assert.True(reply.IsAccepted, reply.Reason);
        Assert.Equal(2, after!.Announcements.Count);
        // Nobody has to put a description again, and keys are there.
        laboratory.Exchange(2, SecondsAgo(1), 20 * Millisecond, 5 * Millisecond);
        await laboratory.DeliverAsync();
        Assert.Equal(4, (await laboratory.GroupAsync("dns")).Packets);
        Assert.Equal(0, (await laboratory.GroupAsync("dns")).Lost);
    }

    [Fact]
    public async Task Store_OfAKilledCollector_HoldsWhatWasPublished()
    {
        await using Laboratory laboratory = await StartAsync();
        await laboratory.PutBothAsync();
        laboratory.Exchange(1, SecondsAgo(2), 20 * Millisecond, 5 * Millisecond);
        await laboratory.DeliverAsync();

        string copy = laboratory.CopyStoreAsIfKilled();
        CollectorOptions options = new()
        {
            KeyFile = laboratory.KeyPath, Store = copy, Ingest = new(IPAddress.IPv6Loopback, 0), Web = new(IPAddress.IPv6Loopback, 0),
        };
        await using CollectorHost second = await CollectorHost.StartAsync(options, CancellationToken.None);
        using HttpClient web = new() { BaseAddress = new Uri($"http://{second.WebAddress}") };

        Assert.Equal(await laboratory.Web.GetStringAsync("/v1/groups"), await web.GetStringAsync("/v1/groups"));
    }

    [Fact]
    public async Task Flows_AfterExchanges_NameTheClientFirst()
    {
        await using Laboratory laboratory = await StartAsync();
        await laboratory.PutBothAsync();
        laboratory.Exchange(4321, SecondsAgo(2), 20 * Millisecond, 5 * Millisecond);
        await laboratory.Client.SendObservedAsync(); // the answer is seen before the request
        await laboratory.DeliverAsync();

        FlowView flow = Assert.Single(await laboratory.ListAsync("/v1/flows?limit=10", ApiJson.Default.IReadOnlyListFlowView));
        Assert.Equal(("dns", "udp", "fd00::1", 4321, "fd00::2", 53), (flow.Group, flow.Protocol, flow.Source, flow.SourcePort, flow.Destination, flow.DestinationPort));
        Assert.Equal((2, 1), (flow.Packets, flow.Hops));
        Assert.Equal((1, 1), (flow.RoundTripNs.Samples, flow.ServerDelayNs.Samples));
    }

    [Fact]
    public async Task Announcements_All_HoldNoSecret()
    {
        await using Laboratory laboratory = await StartAsync();
        await laboratory.PutBothAsync();
        await laboratory.FlushAsync();

        string json = await laboratory.Web.GetStringAsync("/v1/announcements/all");
        using JsonDocument document = JsonDocument.Parse(json);
        Assert.Equal(2, document.RootElement.GetArrayLength());
        Assert.Contains(laboratory.Client.Incarnation.ToString(), json, StringComparison.Ordinal);
        Assert.DoesNotContain(Convert.ToHexStringLower(laboratory.Key.Secret), json, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("secret", json, StringComparison.OrdinalIgnoreCase);
    }

    // A quantile is off by at most 0.8 %, a delta time by less.
    private static void AssertNear(ulong expected, long? actual) =>
        Assert.InRange(actual ?? -1, (long)(expected * 0.985), (long)(expected * 1.015));
}
