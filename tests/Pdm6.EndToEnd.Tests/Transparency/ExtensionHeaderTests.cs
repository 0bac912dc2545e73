using System.Net.Sockets;
using Pdm6.Lab;

namespace Pdm6.EndToEnd.Tests.Transparency;

/// <summary>Packets that have extension headers already, from real sockets and routes: they arrive, and are measured.</summary>
public class ExtensionHeaderTests
{
    private const int Ipv6Level = 41, DestinationOptions = 59, HopByHopOptions = 54; // IPPROTO_IPV6, IPV6_DSTOPTS, IPV6_HOPOPTS
    private static readonly int[] s_sizes = [.. Enumerable.Range(0, 200)];

    // Next Header and length, then a Tunnel Encapsulation Limit (RFC 2473) and padding; or padding only.
    private static readonly byte[] s_destinationOptions = [0, 0, 4, 1, 4, 1, 1, 0], s_hopByHopOptions = [0, 0, 1, 4, 0, 0, 0, 0];

    [RootTheory]
    [InlineData(false)]
    [InlineData(true)]
    public Task Datagrams_WithDestinationOptions_AreMeasuredAndArrive(bool strip) => RequireMeasuredAsync(
        socket => socket.SetRawSocketOption(Ipv6Level, DestinationOptions, s_destinationOptions), _ => { }, strip);

    [RootFact]
    public Task Datagrams_WithHopByHopAndDestinationOptions_AreMeasuredAndArrive() => RequireMeasuredAsync(
        socket =>
        {
            socket.SetRawSocketOption(Ipv6Level, HopByHopOptions, s_hopByHopOptions);
            socket.SetRawSocketOption(Ipv6Level, DestinationOptions, s_destinationOptions);
        },
        _ => { }, strip: false);

    [RootFact]
    public Task Datagrams_BySegmentRouting_AreMeasuredAndArrive() => RequireMeasuredAsync(
        _ => { },
        hosts =>
        {
            foreach (string interfaces in (string[])["all", Laboratory.MeasuredInterface])
                hosts.Server.WriteSetting($"ipv6/conf/{interfaces}/seg6_enabled", "1");
            hosts.Client.Ip("route", "replace", $"{LaboratoryAddresses.Server}/128", "encap", "seg6", "mode", "inline", "segs",
                $"{LaboratoryAddresses.Server}", "via", $"{LaboratoryAddresses.RouterForClient}", "dev", Laboratory.MeasuredInterface);
        },
        strip: false);

    private static async Task RequireMeasuredAsync(Action<Socket> prepare, Action<Laboratory> route, bool strip)
    {
        UdpEcho exchange = new("udp", 7006, s_sizes, Prepare: prepare);
        await using MeasuredLaboratory laboratory = await MeasuredLaboratory.StartAsync();
        route(laboratory.Hosts);
        await laboratory.StartAgentsAsync([exchange.Rule], strip: strip);

        ExchangeResult result = await TransparencyRuns.RunCountedAsync(laboratory, exchange);

        Assert.Null(result.Failure);
        Counts expected = Counts.Of(s_sizes.Length);
        Assert.Equal((expected, expected), (result.Client, result.Server));
        Assert.Equal(s_sizes.Length, result.ToServer!.GetValueOrDefault("accepted"));
        Assert.Equal(s_sizes.Length, result.ToClient!.GetValueOrDefault("accepted"));
    }
}
