using Pdm6.Lab;

namespace Pdm6.EndToEnd.Tests.Transparency;

/// <summary>What the host knows of the path outweighs what the agent was told.</summary>
public class RouteMtuTests
{
    private const int Known = 1400;

    [RootFact]
    public Task Datagrams_RouteCarriesLessThanConfigured_AreLeftAloneWhereTheyWouldOutgrowIt() => RequireKnownAsync(hosts =>
    {
        // As if path MTU discovery had learnt it: the kernel keeps both in the same place.
        hosts.Client.Ip("route", "replace", "default", "via", $"{LaboratoryAddresses.RouterForClient}", "dev", Laboratory.MeasuredInterface, "mtu", $"{Known}");
        hosts.Server.Ip("route", "replace", "default", "via", $"{LaboratoryAddresses.RouterForServer}", "dev", Laboratory.MeasuredInterface, "mtu", $"{Known}");
    });

    [RootFact]
    public Task Datagrams_Ipv6MtuOfTheInterfaceIsLessThanConfigured_AreLeftAloneWhereTheyWouldOutgrowIt() => RequireKnownAsync(hosts =>
    {
        // As a router advertisement may set it: the interface itself carries more.
        foreach (NetworkNamespace host in (NetworkNamespace[])[hosts.Client, hosts.Server])
            host.WriteSetting($"ipv6/conf/{Laboratory.MeasuredInterface}/mtu", $"{Known}");
    });

    private static async Task RequireKnownAsync(Action<Laboratory> limit)
    {
        const int configured = 1500;
        UdpEcho exchange = new("udp", 7006, [.. Enumerable.Range(1150, Known - 48 - 1150 + 1)]);
        await using MeasuredLaboratory laboratory = await MeasuredLaboratory.StartAsync();
        limit(laboratory.Hosts);
        await laboratory.StartAgentsAsync([exchange.Rule], configured);

        ExchangeResult result = await TransparencyRuns.RunCountedAsync(laboratory, exchange);

        Assert.Null(result.Failure);
        Counts expected = PacketSizes.Expect(exchange.Sizes, Known);
        Assert.Equal((expected, expected), (result.Client, result.Server));
    }
}
