using Pdm6.Lab;
using Pdm6.Wire;

namespace Pdm6.EndToEnd.Tests.Policy;

/// <summary>
/// A router that chooses between two ways to the server by the chain of extension headers, as routers do that balance load
/// by a hash of it: packets with a Destination Options header take the slow one. The kernel routes.
/// <code>
///   client ---- router ============================ server
///                  \---- slow path, 50 ms later ----/
/// </code>
/// </summary>
internal sealed class TwoPaths : IAsyncDisposable
{
    internal const int SlowerByMilliseconds = 50;

    private const string Table = "100", Mark = "1";
    private static readonly Ipv6Address s_slowNextHop = Ipv6Address.Parse("2001:db8:3::1"), s_slowRouter = Ipv6Address.Parse("2001:db8:3::fe");

    private readonly DirectoryInfo _directory = System.IO.Directory.CreateTempSubdirectory("pdm6-two-paths-");
    private readonly RunningRelay _slow;

    internal TwoPaths()
    {
        Hosts = Laboratory.Create();
        try
        {
            // Nothing else is in the collector's namespace here: it is the slow path.
            NetworkNamespace slow = Hosts.Collector;
            VethPair intoSlow = VethPair.Create(new LinkEnd(Hosts.Router, "slow0"), new LinkEnd(slow, "fromrouter"));
            VethPair outOfSlow = VethPair.Create(new LinkEnd(Hosts.Server, "slow0"), new LinkEnd(slow, "slowtoserver"));
            intoSlow.First.AddAddress(s_slowRouter, LaboratoryAddresses.PrefixLength);
            intoSlow.First.AddNeighbour(s_slowNextHop, intoSlow.Second.HardwareAddress);
            Hosts.Router.WriteSetting("ipv6/conf/all/forwarding", "1");
            Hosts.Router.Ip("route", "add", "default", "via", s_slowNextHop.ToString(), "dev", "slow0", "table", Table);
            Hosts.Router.Ip("-6", "rule", "add", "fwmark", Mark, "table", Table);
            string balance = Path.Combine(Directory, "balance.nft");
            File.WriteAllText(balance, $$"""
                table ip6 balance {
                  chain choose {
                    type filter hook prerouting priority mangle;
                    exthdr dst exists meta mark set {{Mark}}
                  }
                }
                """);
            Hosts.Router.Run("nft", "-f", balance);
            _slow = RunningRelay.Start(slow, new RelayConfiguration
            {
                ClientSide = RelayPort.To(intoSlow),
                ServerSide = RelayPort.To(outOfSlow),
                ToServer = new Impairments { DelayMilliseconds = SlowerByMilliseconds },
            });
        }
        catch
        {
            Hosts.DisposeAsync().AsTask().GetAwaiter().GetResult();
            throw;
        }
    }

    internal Laboratory Hosts { get; }

    /// <summary>Packets that took the slow path so far.</summary>
    internal long TakenSlowly => _slow.Counters().ToServer.Received;

    /// <summary>Where to put files that go with the network.</summary>
    internal string Directory => _directory.FullName;

    public async ValueTask DisposeAsync()
    {
        await _slow.DisposeAsync();
        await Hosts.DisposeAsync();
        _directory.Delete(recursive: true);
    }
}
