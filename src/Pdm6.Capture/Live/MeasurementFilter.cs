using System.Globalization;
using Pdm6.Capture.Analysis;
using Pdm6.Wire;

namespace Pdm6.Capture.Live;

/// <summary>The kernel's filter, in the language of pcap-filter(7): lets through whatever may carry a measurement, and of
/// usual traffic nothing else.</summary>
internal static class MeasurementFilter
{
    private const byte Ipv6InIpv6 = 41;

    /// <summary>Packets whose first extension header may lead to an option, tunnels, datagrams with octets behind them
    /// and the port of udp-frames. What has a VLAN tag is let through to be looked at here.</summary>
    public static string Of(WireSettings wire) => string.Create(CultureInfo.InvariantCulture,
        $"(ip6 and (ip6[6]=={NextHeader.DestinationOptions} or ip6[6]=={NextHeader.HopByHop} or ip6[6]=={NextHeader.Routing} or ip6[6]=={Ipv6InIpv6} or (ip6[6]=={NextHeader.Udp} and (ip6[4:2] > ip6[44:2] or ip6[40:2]=={wire.FramePort} or ip6[42:2]=={wire.FramePort})))) or (vlan and ip6)");
}
