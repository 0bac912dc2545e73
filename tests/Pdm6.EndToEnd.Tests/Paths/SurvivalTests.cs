using Pdm6.Agent.Paths;
using Pdm6.Lab;
using Xunit.Abstractions;

namespace Pdm6.EndToEnd.Tests.Paths;

/// <summary>A router on the way begins to drop packets because of what measurement puts on them.</summary>
public class SurvivalTests(ITestOutputHelper output)
{
    private static readonly TimeSpan s_recovery = TimeSpan.FromSeconds(3);

    [RootFact]
    public async Task Agents_RouterDropsHeadersForAWhile_RecoverWithinThreeSecondsAndReturn()
    {
        await using PathLaboratory laboratory = await PathLaboratory.StartAsync();
        Applications applications = laboratory.Applications;
        MeasuredLaboratory measured = laboratory.Measured;

        applications.Mark();
        measured.Drop(UnwantedPackets.DestinationOptions, UnwantedPackets.DestinationOptions);
        await laboratory.UntilAsync(measured.Client, HasLostHeaders, "the client's agent does not notice");
        await laboratory.UntilAsync(measured.Server, HasLostHeaders, "the server's agent does not notice");
        await applications.WaitForAnswersAsync(Applications.Tcp, 50);
        await applications.WaitForAnswersAsync(Applications.Udp, 50);

        output.WriteLine($"longest time without an answer: tcp {applications.LongestGap(Applications.Tcp)}, udp {applications.LongestGap(Applications.Udp)}");
        Assert.InRange(applications.LongestGap(Applications.Tcp), TimeSpan.Zero, s_recovery);
        Assert.InRange(applications.LongestGap(Applications.Udp), TimeSpan.Zero, s_recovery);

        // While it drops: UDP is measured by an option behind the datagram, TCP is not, and neither is disturbed.
        (long Sealed, long WithoutForm) tcp = await PathLaboratory.CountersAsync(measured.Client, Applications.Tcp);
        (long Sealed, long WithoutForm) udp = await PathLaboratory.CountersAsync(measured.Client, Applications.Udp);
        applications.Mark();
        await applications.WaitForAnswersAsync(Applications.Tcp, 50);
        await applications.WaitForAnswersAsync(Applications.Udp, 50);
        (long Sealed, long WithoutForm) tcpLater = await PathLaboratory.CountersAsync(measured.Client, Applications.Tcp);
        (long Sealed, long WithoutForm) udpLater = await PathLaboratory.CountersAsync(measured.Client, Applications.Udp);
        Assert.InRange(tcpLater.WithoutForm - tcp.WithoutForm, 50, long.MaxValue);
        Assert.Equal(tcp.Sealed, tcpLater.Sealed);
        Assert.InRange(udpLater.Sealed - udp.Sealed, 50, long.MaxValue);
        Assert.Equal(udp.WithoutForm, udpLater.WithoutForm);

        measured.Drop(UnwantedPackets.None, UnwantedPackets.None);
        DateTime stopped = DateTime.UtcNow;
        await laboratory.UntilAsync(measured.Client, paths => paths is { FallenBack: 0, Returns: 1 }, "the client's agent does not return");
        await laboratory.UntilAsync(measured.Server, paths => paths is { FallenBack: 0, Returns: 1 }, "the server's agent does not return");
        output.WriteLine($"returned {(DateTime.UtcNow - stopped).TotalSeconds:F1} s after the router stopped dropping");
        tcp = await PathLaboratory.CountersAsync(measured.Client, Applications.Tcp);
        await applications.WaitForAnswersAsync(Applications.Tcp, 50);
        tcpLater = await PathLaboratory.CountersAsync(measured.Client, Applications.Tcp);
        Assert.InRange(tcpLater.Sealed - tcp.Sealed, 50, long.MaxValue);
        Assert.Equal(tcp.WithoutForm, tcpLater.WithoutForm);
    }

    [RootFact]
    public async Task Agents_RouterDropsInOneDirection_OnlyThatSenderFallsBack()
    {
        await using PathLaboratory laboratory = await PathLaboratory.StartAsync();

        laboratory.Applications.Mark();
        laboratory.Measured.Drop(UnwantedPackets.None, UnwantedPackets.DestinationOptions);
        await laboratory.UntilAsync(laboratory.Measured.Server, HasLostHeaders, "the server's agent does not notice");
        await laboratory.Applications.WaitForAnswersAsync(Applications.Tcp, 50);

        Assert.InRange(laboratory.Applications.LongestGap(Applications.Tcp), TimeSpan.Zero, s_recovery);
        Assert.Equal(0, (await laboratory.Measured.Client.StatusAsync()).Paths.Fallbacks);
    }

    [RootFact]
    public async Task Agents_RouterDropsOptionsOfBothKinds_LeavePacketsAlone()
    {
        await using PathLaboratory laboratory = await PathLaboratory.StartAsync();
        UnwantedPackets both = UnwantedPackets.DestinationOptions with { UdpSurplus = true };

        laboratory.Applications.Mark();
        laboratory.Measured.Drop(both, both);
        await laboratory.UntilAsync(
            laboratory.Measured.Client, paths => paths.NotAsUsual is [{ Lost.Count: 2, IsAnswered: true }], "the client's agent does not notice");
        await laboratory.Applications.WaitForAnswersAsync(Applications.Udp, 50);
        await laboratory.Applications.WaitForAnswersAsync(Applications.Tcp, 50);

        Assert.InRange(laboratory.Applications.LongestGap(Applications.Udp), TimeSpan.Zero, s_recovery);
        Assert.InRange(laboratory.Applications.LongestGap(Applications.Tcp), TimeSpan.Zero, s_recovery);
    }

    /// <summary>Nothing is dropped, so nobody would notice but by what is missing.</summary>
    [RootFact]
    public async Task Agents_RouterTakesHeadersOffAndPassesTheRest_MeasureByWhatArrives()
    {
        await using PathLaboratory laboratory = await PathLaboratory.StartAsync();
        MeasuredLaboratory measured = laboratory.Measured;
        UnwantedPackets stripped = UnwantedPackets.DestinationOptions with { HeadersAreTakenOff = true };

        measured.Drop(stripped, stripped);
        await laboratory.UntilAsync(measured.Client, HasLostHeaders, "the client's agent does not notice");
        await laboratory.UntilAsync(measured.Server, HasLostHeaders, "the server's agent does not notice");
        long before = await AcceptedAsync(), takenOff = measured.RelayCounters().ToServer.TakenOff;
        await laboratory.Applications.WaitForAnswersAsync(Applications.Udp, 50);

        Assert.InRange(takenOff, 1, long.MaxValue);
        Assert.InRange(await AcceptedAsync() - before, 50, long.MaxValue);

        async Task<long> AcceptedAsync() => (await measured.Server.CountersAsync()).Ingress.GetValueOrDefault("accepted");
    }

    [RootFact]
    public async Task Agents_WayIsDownForAWhile_IsNotMistakenForARouterThatDrops()
    {
        await using PathLaboratory laboratory = await PathLaboratory.StartAsync();
        Impairments down = new() { Loss = new Selection { Probability = 1 } };

        await laboratory.Measured.ImpairAsync(down, down);
        await laboratory.UntilAsync(laboratory.Measured.Client, paths => paths.NotAsUsual is [{ IsAnswered: false }], "the client's agent does not notice");
        await laboratory.Measured.ImpairAsync(new Impairments(), new Impairments());
        await laboratory.UntilAsync(laboratory.Measured.Client, paths => paths.NotAsUsual.Count == 0, "the client's agent does not notice the end");
        await laboratory.Applications.WaitForAnswersAsync(Applications.Udp, 50);

        foreach (RunningAgent agent in (RunningAgent[])[laboratory.Measured.Client, laboratory.Measured.Server])
            Assert.Equal((0, 0), ((await agent.StatusAsync()).Paths.Fallbacks, (await agent.StatusAsync()).Paths.FallenBack));
    }

    private static bool HasLostHeaders(PathReport paths) =>
        paths.NotAsUsual is [{ IsAnswered: true, Lost: [nameof(PathForm.Header48)] }] && paths.Fallbacks == 1;
}
