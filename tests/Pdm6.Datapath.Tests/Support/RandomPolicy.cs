using Pdm6.Wire;

namespace Pdm6.Datapath.Tests;

/// <summary>Policies and packets from few values, so that they meet: prefixes within prefixes, ports at the ends of
/// ranges, marks that differ in one bit.</summary>
internal sealed class RandomPolicy(int seed)
{
    private static readonly string[] s_prefixes =
        ["::/0", "2001:db8::/32", "2001:db8:1::/48", "2001:db8:1:2::/64", "2001:db8:1:2::1/128", "2001:db8:2::/48", "fe80::/10"];
    private static readonly string[] s_addresses =
        ["2001:db8::1", "2001:db8:1::1", "2001:db8:1:2::1", "2001:db8:1:2::2", "2001:db8:2::1", "fe80::1", "2002::1"];
    private static readonly byte[] s_protocols = [NextHeader.Tcp, NextHeader.Udp, NextHeader.Icmpv6, NextHeader.Sctp, 200];
    private static readonly ushort[] s_ports = [0, 52, 53, 54, 443, 8000, 8010, 65535];
    private static readonly byte[] s_dscps = [0, 10, 46, 63];
    private static readonly uint[] s_marks = [0, 1, 2, 3, 0x80000000, uint.MaxValue];

    private readonly Random _random = new(seed);

    /// <param name="interfaces">Indexes that there are.</param>
    internal PolicyRule[] Rules(int[] interfaces) =>
        [.. Enumerable.Range(0, _random.Next(1, PolicyTables.MaxRules + 1)).Select(_ => Rule(interfaces))];

    internal PolicyPacket Packet(int[] interfaces)
    {
        byte protocol = One(s_protocols);
        Ipv6Address source = Ipv6Address.Parse(One(s_addresses)), destination;
        do
            destination = Ipv6Address.Parse(One(s_addresses));
        while (destination == source); // such a packet is left alone whatever the rules say
        (ushort, ushort) ports = NextHeader.HasPorts(protocol) ? (One(s_ports), One(s_ports))
            : protocol == NextHeader.Icmpv6 ? ((ushort)(128 << 8), One(s_ports)) : ((ushort)0, (ushort)0);
        return new PolicyPacket(
            new FlowKey(source, destination, protocol, ports.Item1, ports.Item2), One(s_dscps), One(s_marks), One(interfaces));
    }

    private PolicyRule Rule(int[] interfaces) => new(
        Seldom ? [RandomPrefix(), RandomPrefix()] : [PolicyRule.Everywhere],
        Seldom ? [One(s_protocols), One(s_protocols)] : [],
        Seldom ? [Range()] : [],
        (uint)_random.Next(1, 4))
    {
        ExceptDestinations = Seldom ? [RandomPrefix()] : [],
        Sources = Seldom ? [RandomPrefix()] : [PolicyRule.Everywhere],
        ExceptSources = Seldom ? [RandomPrefix()] : [],
        Dscps = Seldom ? [One(s_dscps), One(s_dscps)] : [],
        Interfaces = Seldom ? [One(interfaces)] : [],
        Mark = Seldom ? RandomMark() : default,
    };

    private bool Seldom => _random.Next(3) == 0;

    private Ipv6Prefix RandomPrefix()
    {
        Assert.True(Ipv6Prefix.TryParse(One(s_prefixes), out Ipv6Prefix prefix));
        return prefix;
    }

    private PortRange Range()
    {
        ushort one = One(s_ports), other = One(s_ports);
        return new PortRange(Math.Min(one, other), Math.Max(one, other));
    }

    private PacketMark RandomMark()
    {
        uint mask = One(s_marks);
        return new PacketMark(One(s_marks) & mask, mask);
    }

    private T One<T>(IReadOnlyList<T> values) => values[_random.Next(values.Count)];
}
