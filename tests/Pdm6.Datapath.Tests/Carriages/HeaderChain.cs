using System.Buffers.Binary;
using Pdm6.Wire;

namespace Pdm6.Datapath.Tests.Carriages;

/// <summary>Frames with extension headers, written down by name.</summary>
internal static class HeaderChain
{
    internal const int LinkHeaderSize = 14, FixedSize = 40;
    internal static readonly Ipv6Address Segment = Ipv6Address.Parse("2001:db8::77");

    /// <summary>What stands between the fixed header and the upper layer, as next header and octets behind the first.</summary>
    private static readonly Dictionary<string, (byte Type, byte[] Body)[]> s_chains = new()
    {
        ["none"] = [],
        ["hop-by-hop"] = [Options(NextHeader.HopByHop, "0104 00000000")],
        ["options"] = [Options(NextHeader.DestinationOptions, "040104")], // tunnel encapsulation limit
        ["options without padding"] = [Options(NextHeader.DestinationOptions, "3e04 01020304")],
        ["options that begin with padding"] = [Options(NextHeader.DestinationOptions, "0101 00 3e01 05")],
        ["hop-by-hop, options"] = [Options(NextHeader.HopByHop, "0502 0000"), Options(NextHeader.DestinationOptions, "040104")],
        ["segments"] = [Segments(left: 1)],
        ["no segments left"] = [Segments(left: 0)],
        ["hop-by-hop, segments"] = [Options(NextHeader.HopByHop, "0104 00000000"), Segments(left: 1)],
        ["segments, options"] = [Segments(left: 1), Options(NextHeader.DestinationOptions, "040104")],
        ["options, segments"] = [Options(NextHeader.DestinationOptions, "040104"), Segments(left: 1)],
        ["all"] =
        [
            Options(NextHeader.HopByHop, "0104 00000000"), Options(NextHeader.DestinationOptions, "040104"), Segments(left: 1),
            Options(NextHeader.DestinationOptions, "3e04 01020304"),
        ],
        ["options that leave 13 octets"] = [Options(NextHeader.DestinationOptions, "3e1f" + new string('7', 62))],
        ["options that leave 34 octets"] = [Options(NextHeader.DestinationOptions, "3e0a" + new string('7', 20))],
        ["eight options"] = [Options(NextHeader.DestinationOptions, "3e00 3e00 3e00 3e00 3e00 3e00 3e00 3e00")],
        ["nothing but padding"] = [Options(NextHeader.DestinationOptions, "0104 00000000")],
        ["PDMv1"] = [Options(NextHeader.DestinationOptions, "0f0a 0000 0001 0000 0000 0000")],
        ["clear PDMv2"] = [Options(NextHeader.DestinationOptions, "1e16 2000 00000001" + new string('0', 32))],
        ["clear PDMv2, segments"] =
            [Options(NextHeader.DestinationOptions, "1e16 2000 00000001" + new string('0', 32)), Segments(left: 1)],
        ["home address route"] = [(NextHeader.Routing, [2, 2, 1, 0, 0, 0, 0, .. Octets(TestDatapath.Pair.Destination)])],
        ["more segments left than listed"] = [Segments(left: 3)],
        ["fragment"] = [(NextHeader.Fragment, [0, 0, 1, 0, 0, 0, 1])],
        ["hop-by-hop, fragment"] = [Options(NextHeader.HopByHop, "0104 00000000"), (NextHeader.Fragment, [0, 0, 1, 0, 0, 0, 1])],
        ["options, AH"] = [Options(NextHeader.DestinationOptions, "040104"), (NextHeader.AuthenticationHeader, [1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1])],
        ["option past the end"] = [Options(NextHeader.DestinationOptions, "3e20 01020304")],
        ["five headers"] = [.. Enumerable.Repeat(Options(NextHeader.DestinationOptions, "040104"), 5)],
        ["18 options of padding"] = [Options(NextHeader.DestinationOptions, new string('0', 36) + "3e02 0000")],
    };

    internal static IEnumerable<string> Names => s_chains.Keys;

    /// <summary>A datagram behind the headers. A route goes by <see cref="Segment"/> to the pair's destination.</summary>
    internal static byte[] Udp(string chain, int payloadLength = 20) =>
        Build(s_chains[chain], NextHeader.Udp, TestPackets.Udp(TestDatapath.Pair, 1000, 53, payloadLength)[(LinkHeaderSize + FixedSize)..]);

    /// <summary>Any upper layer behind the headers.</summary>
    internal static byte[] Any(string chain, byte protocol, byte[] upper) => Build(s_chains[chain], protocol, upper);

    private static byte[] Build((byte Type, byte[] Body)[] chain, byte protocol, byte[] upper)
    {
        List<byte> payload = [];
        for (int i = 0; i < chain.Length; i++)
            payload.AddRange([i + 1 < chain.Length ? chain[i + 1].Type : protocol, .. chain[i].Body]);
        payload.AddRange(upper);
        byte[] frame = [.. TestPackets.Udp(TestDatapath.Pair, 1000, 53, 0).AsSpan(0, LinkHeaderSize + FixedSize), .. payload];
        frame[LinkHeaderSize + 6] = chain.Length > 0 ? chain[0].Type : protocol;
        BinaryPrimitives.WriteUInt16BigEndian(frame.AsSpan(LinkHeaderSize + 4), (ushort)payload.Count);
        if (chain.Any(header => header.Type == NextHeader.Routing && header.Body[2] != 0))
            Segment.Write(frame.AsSpan(LinkHeaderSize + 24));
        return frame;
    }

    /// <summary>A header with these options and the padding that they need behind them.</summary>
    private static (byte, byte[]) Options(byte type, string hex)
    {
        byte[] options = Convert.FromHexString(hex.Replace(" ", "", StringComparison.Ordinal));
        byte[] padding = new byte[(8 - (options.Length + 2) % 8) % 8];
        if (padding.Length > 1)
            (padding[0], padding[1]) = (1, (byte)(padding.Length - 2));
        byte[] body = [.. options, .. padding];
        return (type, [(byte)((body.Length + 2) / 8 - 1), .. body]);
    }

    // RFC 8754: the list runs backwards, so the final destination comes first.
    private static (byte, byte[]) Segments(byte left) =>
        (NextHeader.Routing, [4, 4, left, 1, 0, 0, 0, .. Octets(TestDatapath.Pair.Destination), .. Octets(Segment)]);

    private static byte[] Octets(Ipv6Address address)
    {
        byte[] octets = new byte[Ipv6Address.Size];
        address.Write(octets);
        return octets;
    }
}
