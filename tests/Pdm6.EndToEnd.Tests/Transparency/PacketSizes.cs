namespace Pdm6.EndToEnd.Tests.Transparency;

/// <summary>What becomes of a message of a given size behind 8 octets of header (UDP, ICMPv6 echo), with links of 1500.</summary>
internal static class PacketSizes
{
    private const int Ipv6Header = 40, MessageHeader = 8, OurHeader = 48, OurArea = 44, LinkMtu = 1500;
    private const int FragmentPayload = (LinkMtu - Ipv6Header - 8) / 8 * 8;

    /// <summary>The largest message that is not cut in fragments.</summary>
    internal const int LargestWhole = LinkMtu - Ipv6Header - MessageHeader;

    internal static Counts Expect(IReadOnlyCollection<int> sizes, int pathMtu, bool isUdpOption = false)
    {
        int whole = sizes.Count(size => size <= LargestWhole);
        int fits = sizes.Count(size => size + MessageHeader + Ipv6Header + Growth(size) <= pathMtu);
        int fragments = sizes.Where(size => size > LargestWhole)
            .Sum(size => (size + MessageHeader + FragmentPayload - 1) / FragmentPayload);
        return Counts.Of(fits, mtu: whole - fits, fragments: fragments);

        // Behind a datagram that ends at an odd offset a pad comes first.
        int Growth(int size) => isUdpOption ? OurArea + size % 2 : OurHeader;
    }
}
