using Pdm6.Lab;

namespace Pdm6.EndToEnd.Tests.Transparency;

/// <summary>What the host knows of the path outweighs what the agent was told.</summary>
public class RouteMtuTests
{
    [RootFact]
    public async Task Datagrams_RouteCarriesLessThanConfigured_AreLeftAloneWhereTheyWouldOutgrowIt()
    {
        const int configured = 1500, known = 1400;
        UdpEcho exchange = new("udp", 7006, [.. Enumerable.Range(1150, known - 48 - 1150 + 1)]);
        await using MeasuredLaboratory laboratory = await MeasuredLaboratory.StartAsync();
        Laboratory hosts = laboratory.Hosts;
        // As if path MTU discovery had learnt it: the kernel keeps both in the same place.
        hosts.Client.Ip("route", "replace", "default", "via", $"{LaboratoryAddresses.RouterForClient}", "dev", Laboratory.MeasuredInterface, "mtu", $"{known}");
        hosts.Server.Ip("route", "replace", "default", "via", $"{LaboratoryAddresses.RouterForServer}", "dev", Laboratory.MeasuredInterface, "mtu", $"{known}");
        await laboratory.StartAgentsAsync([exchange.Rule], configured);

        ExchangeResult result = await TransparencyRuns.RunCountedAsync(laboratory, exchange);

        Assert.Null(result.Failure);
        Counts expected = PacketSizes.Expect(exchange.Sizes, known);
        Assert.Equal((expected, expected), (result.Client, result.Server));
    }
}
