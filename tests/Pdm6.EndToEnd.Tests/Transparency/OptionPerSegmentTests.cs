using System.Globalization;
using Pdm6.Lab;

namespace Pdm6.EndToEnd.Tests.Transparency;

/// <summary>The recipe of docs/harm.md for an option in every TCP segment: what it asks of the operator is enough.</summary>
public class OptionPerSegmentTests
{
    private const int LinkMtu = 1500, OurHeader = 48, TcpAndIpv6 = 60, Mebibyte = 1 << 20;
    private const int LargestSegment = LinkMtu - OurHeader - TcpAndIpv6;

    [RootFact]
    public async Task TcpStream_SegmentsAloneAndWithRoom_EachCarriesAnOptionOfItsOwn()
    {
        TcpBulk exchange = new("tcp", 7001, 4 * Mebibyte, SegmentationOffload: false, SegmentsTogether: 1);
        await using MeasuredLaboratory laboratory = await MeasuredLaboratory.StartAsync();
        LeaveRoom(laboratory.Hosts.Client, $"{LaboratoryAddresses.RouterForClient}");
        LeaveRoom(laboratory.Hosts.Server, $"{LaboratoryAddresses.RouterForServer}");
        await laboratory.StartAgentsAsync([exchange.Rule], LinkMtu);

        ExchangeResult result = await TransparencyRuns.RunCountedAsync(laboratory, exchange);

        Assert.Null(result.Failure);
        foreach ((Counts sent, IReadOnlyDictionary<string, long> arrived) in ((Counts, IReadOnlyDictionary<string, long>)[])
            [(result.Client!, result.ToServer!), (result.Server!, result.ToClient!)])
        {
            Assert.Equal(Counts.Of(sent.Selected), sent); // each one sealed, none left alone
            Assert.InRange(sent.Sealed, exchange.Octets / LargestSegment, long.MaxValue);
            Assert.Equal(sent.Sealed, arrived.Values.Sum()); // and no option is there twice
            Assert.Empty(arrived.Keys.Except(["accepted", "not-ahead", "no-state"]));
        }
    }

    private static void LeaveRoom(NetworkNamespace host, string router) => host.Ip(
        "route", "replace", "default", "via", router, "dev", Laboratory.MeasuredInterface,
        "advmss", LargestSegment.ToString(CultureInfo.InvariantCulture));
}
