using System.Net;
using Pdm6.Lab;

namespace Pdm6.EndToEnd.Tests.Harm;

/// <summary>
/// A laboratory whose router is a real one: it forwards, IPv6 and IPv4, says so when a packet is too big for the way on,
/// and takes part in segment routing.
/// </summary>
internal sealed class HarmNetwork : IAsyncDisposable
{
    /// <summary>A group that the router is a member of.</summary>
    internal static readonly IPAddress Group = IPAddress.Parse("ff15::6");

    private const string RouterToClient = "2001:db8:1::fe", RouterToServer = "2001:db8:2::fe";
    private const string SecondsThatAPathMtuIsRemembered = "3"; // ten minutes would hide that the path has grown again

    private HarmNetwork(Laboratory hosts)
    {
        Hosts = hosts;
        Path = new PathMtu(hosts);
        Direct = new Way(hosts.Client, IPAddress.Parse("2001:db8:1::1"), hosts.Server, IPAddress.Parse("2001:db8:2::1"));
        InsertedSegments = Between("5");
        EncapsulatedSegments = Between("6");
        Ipv4 = new Way(hosts.Client, IPAddress.Parse("192.0.2.1"), hosts.Server, IPAddress.Parse("198.51.100.1"));
    }

    internal Laboratory Hosts { get; }

    /// <summary>What the router lets through.</summary>
    internal PathMtu Path { get; }

    internal Way Direct { get; }

    /// <summary>With a segment routing header that each host puts into its own packets.</summary>
    internal Way InsertedSegments { get; }

    /// <summary>In an outer packet with a segment routing header.</summary>
    internal Way EncapsulatedSegments { get; }

    internal Way Ipv4 { get; }

    internal static HarmNetwork Create()
    {
        HarmNetwork network = new(Laboratory.Create());
        network.Forward();
        network.AddressForIpv4();
        network.RouteBySegments();
        return network;
    }

    /// <summary>Packets that the router has taken in, from both sides.</summary>
    internal long Packets() => ReceivedPackets.Of(Hosts.Router);

    public ValueTask DisposeAsync() => Hosts.DisposeAsync();

    private Way Between(string host) => new(
        Hosts.Client, IPAddress.Parse($"2001:db8:1::{host}"), Hosts.Server, IPAddress.Parse($"2001:db8:2::{host}"));

    private void Forward()
    {
        Hosts.Router.WriteSetting("ipv6/conf/all/forwarding", "1");
        Hosts.Router.WriteSetting("ipv4/ip_forward", "1");
        foreach (NetworkNamespace host in (NetworkNamespace[])[Hosts.Client, Hosts.Server])
        {
            host.WriteSetting("ipv6/route/mtu_expires", SecondsThatAPathMtuIsRemembered);
            host.WriteSetting("ipv4/route/mtu_expires", SecondsThatAPathMtuIsRemembered);
        }
    }

    private void AddressForIpv4()
    {
        foreach ((LinkEnd host, LinkEnd router, string prefix) in Sides("192.0.2", "198.51.100"))
        {
            host.Namespace.Ip("addr", "add", $"{prefix}.1/24", "dev", host.Interface);
            router.Namespace.Ip("addr", "add", $"{prefix}.254/24", "dev", router.Interface);
            host.Namespace.Ip("route", "add", "default", "via", $"{prefix}.254", "dev", host.Interface);
        }
    }

    private void RouteBySegments()
    {
        foreach ((LinkEnd host, LinkEnd router, string prefix) in Sides("2001:db8:1", "2001:db8:2"))
        {
            (string otherPrefix, string nextSegment) = prefix == "2001:db8:1" ? ("2001:db8:2", RouterToClient) : ("2001:db8:1", RouterToServer);
            foreach (LinkEnd end in (LinkEnd[])[host, router])
                foreach (string scope in (string[])["all", end.Interface])
                    end.Namespace.WriteSetting($"ipv6/conf/{scope}/seg6_enabled", "1");
            router.AddNeighbour(Wire.Ipv6Address.Parse($"{prefix}::5"), host.HardwareAddress);
            foreach (string number in (string[])["5", "6"])
            {
                // Deprecated: nobody uses them who does not ask for them.
                host.Namespace.Ip("addr", "add", $"{prefix}::{number}/64", "dev", host.Interface, "nodad", "preferred_lft", "0");
            }
            host.Namespace.Ip(
                "route", "add", $"{otherPrefix}::5/128", "encap", "seg6", "mode", "inline", "segs", nextSegment, "dev", host.Interface);
            host.Namespace.Ip(
                "route", "add", $"{otherPrefix}::6/128", "encap", "seg6", "mode", "encap", "segs", $"{nextSegment},{otherPrefix}::1",
                "dev", host.Interface);
        }
    }

    private (LinkEnd Host, LinkEnd Router, string Prefix)[] Sides(string client, string server) =>
        [(Hosts.ClientLink.First, Hosts.ClientLink.Second, client), (Hosts.ServerLink.First, Hosts.ServerLink.Second, server)];
}
