namespace Pdm6.Lab.Tests;

[Collection("laboratory")]
public sealed class ImpairmentRelayTests(Xunit.Abstractions.ITestOutputHelper report) : IAsyncLifetime
{
    private Laboratory _laboratory = null!;

    public Task InitializeAsync()
    {
        _laboratory = Laboratory.Create();
        return Task.CompletedTask;
    }

    public async Task DisposeAsync() => await _laboratory.DisposeAsync();

    [Fact]
    public async Task Ping_ThroughRelay_ArrivesWithHopLimitOneLower()
    {
        await using RunningRelay relay = Start(new(), new());

        string output = _laboratory.Client.Run("ping", "-c", "10", "-i", "0.02", "-W", "2", LaboratoryAddresses.Server.ToString());

        Assert.Contains("10 received", output);
        Assert.Contains("ttl=63", output);
        RelayCounters counters = await relay.StopAsync();
        Assert.Equal(10, counters.ToServer.Forwarded);
        Assert.Equal(10, counters.ToClient.Forwarded);
        Assert.Equal(0, counters.Held);
    }

    [Fact]
    public async Task Ping_HopLimitOne_IsDroppedAndCounted()
    {
        await using RunningRelay relay = Start(new(), new());

        CommandFailedException e = Assert.Throws<CommandFailedException>(() =>
            _laboratory.Client.Run("ping", "-c", "3", "-i", "0.02", "-W", "0.2", "-t", "1", LaboratoryAddresses.Server.ToString()));

        Assert.Equal(1, e.ExitCode); // no reply
        RelayCounters counters = await relay.StopAsync();
        Assert.Equal(3, counters.ToServer.HopLimitExceeded);
        Assert.Equal(0, counters.ToServer.Forwarded);
    }

    [Fact]
    public async Task Ping_OfTheRouterItself_IsAnsweredByItsKernelOnce()
    {
        await using RunningRelay relay = Start(new(), new());

        string output = _laboratory.Client.Run("ping", "-c", "3", "-i", "0.02", "-W", "2", LaboratoryAddresses.RouterForServer.ToString());

        Assert.Contains("3 received", output);
        Assert.DoesNotContain("DUP", output);
        RelayCounters counters = await relay.StopAsync();
        Assert.Equal(0, counters.ToServer.Received);
        Assert.InRange(counters.ToServer.NotForwarded, 3, 100); // neighbour discovery may add its own
    }

    [Fact]
    public async Task Datagrams_LossByList_ExactlyTheseAreMissing()
    {
        await using RunningRelay relay = Start(new() { Loss = new() { Ordinals = [1, 5, 6, 50] } }, new());

        List<int> received = SendNumbered(50);

        Assert.Equal(Enumerable.Range(1, 50).Except([1, 5, 6, 50]), received);
        RelayCounters counters = await relay.StopAsync();
        Assert.Equal(4, counters.ToServer.Lost);
        Assert.Equal(46, counters.ToServer.Forwarded);
    }

    [Fact]
    public async Task Datagrams_DuplicationEveryTenth_ExactlyTheseComeTwice()
    {
        await using RunningRelay relay = Start(new() { Duplication = new() { Every = 10 } }, new());

        List<int> received = SendNumbered(50);

        Assert.Equal([10, 20, 30, 40, 50], received.GroupBy(n => n).Where(g => g.Count() == 2).Select(g => g.Key));
        Assert.Equal(55, received.Count);
        Assert.Equal(5, (await relay.StopAsync()).ToServer.Duplicated);
    }

    [Fact]
    public async Task Datagrams_ReorderingByList_ExactlyTheseComeLate()
    {
        await using RunningRelay relay = Start(
            new() { Reordering = new() { Ordinals = [3, 7] }, HoldBackMilliseconds = 100, DelayMilliseconds = 1 }, new());

        List<int> received = SendNumbered(10);

        Assert.Equal([1, 2, 4, 5, 6, 8, 9, 10, 3, 7], received);
        RelayCounters counters = await relay.StopAsync();
        Assert.Equal(2, counters.ToServer.HeldBack);
        Assert.Equal(2, counters.ToServer.Reordered);
    }

    [Fact]
    public async Task Datagrams_JitterAlone_NeverReorders()
    {
        await using RunningRelay relay = Start(new() { DelayMilliseconds = 2, JitterMilliseconds = 5 }, new());

        List<int> received = SendNumbered(500);

        Assert.Equal(Enumerable.Range(1, 500), received);
        Assert.Equal(0, (await relay.StopAsync()).ToServer.Reordered);
    }

    [Fact]
    public async Task Datagrams_LossByChance_SameSeedSameLoss()
    {
        List<int>[] runs = new List<int>[2];
        for (int run = 0; run < 2; run++)
        {
            await using RunningRelay relay = Start(new() { Loss = new() { Probability = 0.2 }, Seed = 7 }, new());
            runs[run] = SendNumbered(500);
            RelayCounters counters = await relay.StopAsync();
            Assert.Equal(500 - runs[run].Count, counters.ToServer.Lost);
        }
        Assert.InRange(runs[0].Count, 350, 450);
        Assert.Equal(runs[0], runs[1]);
    }

    [Fact]
    public async Task Stop_WhilePacketsAreHeld_SendsThemFirst()
    {
        await using RunningRelay relay = Start(new() { DelayMilliseconds = 300 }, new());
        using Datagrams datagrams = new(_laboratory);
        for (int number = 1; number <= 20; number++)
            datagrams.Send(number);
        WaitFor.Condition(() => relay.Counters().Held == 20);

        RelayCounters counters = await relay.StopAsync();

        Assert.Equal(20, counters.ToServer.Forwarded);
        Assert.Equal(0, counters.Held);
        Assert.Equal(Enumerable.Range(1, 20), datagrams.Receive());
    }

    [Fact]
    public async Task Delay_OfManyPackets_KeepsToTheAskedTime()
    {
        string path = Path.GetTempFileName();
        try
        {
            await using (RunningRelay relay = Start(new() { DelayMilliseconds = 10 }, new(), path))
            {
                Assert.Equal(1000, SendNumbered(1000, pause: 1).Count);
                await relay.StopAsync();
            }
            long[] lateness = [.. RelayLogEntry.ReadAll(path)
                .Select(e => e.DepartedAtUnixNs - e.ArrivedAtUnixNs - 10_000_000).Order()];
            report.WriteLine($"late by: median {lateness[500]} ns, 95 % {lateness[950]} ns, most {lateness[^1]} ns");
            Assert.Equal(1000, lateness.Length);
            Assert.True(lateness[0] >= 0, "one left early");
            Assert.InRange(lateness[500], 0, 100_000); // a busy machine delays the last of them, but not the half
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public async Task LargestPacket_LargerDatagram_IsDroppedAndCounted()
    {
        await using RunningRelay relay = Start(new() { LargestPacket = 1000 }, new());

        Assert.Throws<CommandFailedException>(() => _laboratory.Client.Run(
            "ping", "-c", "2", "-i", "0.02", "-W", "0.2", "-s", "1000", LaboratoryAddresses.Server.ToString()));
        string small = _laboratory.Client.Run("ping", "-c", "2", "-i", "0.02", "-W", "2", "-s", "952", LaboratoryAddresses.Server.ToString());

        Assert.Contains("2 received", small);
        Assert.Equal(2, (await relay.StopAsync()).ToServer.TooLarge);
    }

    [Fact]
    public void Open_UnknownInterface_SaysWhatToDo()
    {
        RelayConfiguration configuration = _laboratory.Relay(new(), new()) with
        {
            ClientSide = new RelayPort { Interface = "absent0", NextHop = "02:00:00:00:00:01" },
        };
        MissingPrerequisiteException e = Assert.Throws<MissingPrerequisiteException>(
            () => _laboratory.Router.Within(() => ImpairmentRelay.Open(configuration)));
        Assert.Contains("absent0", e.Message);
    }

    private RunningRelay Start(Impairments toServer, Impairments toClient, string? log = null) =>
        RunningRelay.Start(_laboratory.Router, _laboratory.Relay(toServer, toClient) with { DecisionLog = log });

    private List<int> SendNumbered(int count, int pause = 0)
    {
        using Datagrams datagrams = new(_laboratory);
        for (int number = 1; number <= count; number++)
            datagrams.Send(number, pause: pause);
        return datagrams.Receive();
    }
}
