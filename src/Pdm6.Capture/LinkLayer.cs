using System.Buffers.Binary;

namespace Pdm6.Capture;

/// <summary>Gets from the link layer to IPv6, for the link types that captures on Linux have.</summary>
internal static class LinkLayer
{
    private const int Ethernet = 1;
    private const int RawIp = 101;
    private const int LinuxCooked = 113;
    private const int RawIpv6 = 229;
    private const int LinuxCooked2 = 276;

    private const ushort EtherTypeIpv6 = 0x86dd;
    private const ushort EtherTypeVlan = 0x8100;
    private const ushort EtherTypeServiceVlan = 0x88a8;
    private const int VlanTagSize = 4;

    public static bool TryFindIpv6(int linkType, ReadOnlySpan<byte> frame, out ReadOnlySpan<byte> packet)
    {
        packet = default;
        switch (linkType)
        {
            case RawIp or RawIpv6:
                packet = frame;
                return true;
            case Ethernet:
                return TryBehindEtherType(frame, typeOffset: 12, headerSize: 14, out packet);
            case LinuxCooked:
                return TryBehindEtherType(frame, typeOffset: 14, headerSize: 16, out packet);
            case LinuxCooked2:
                return TryBehindEtherType(frame, typeOffset: 0, headerSize: 20, out packet);
            default:
                return false;
        }
    }

    private static bool TryBehindEtherType(
        ReadOnlySpan<byte> frame, int typeOffset, int headerSize, out ReadOnlySpan<byte> packet)
    {
        packet = default;
        if (frame.Length < headerSize)
            return false;
        ushort etherType = BinaryPrimitives.ReadUInt16BigEndian(frame[typeOffset..]);
        ReadOnlySpan<byte> rest = frame[headerSize..];
        while (etherType is EtherTypeVlan or EtherTypeServiceVlan && rest.Length >= VlanTagSize)
        {
            etherType = BinaryPrimitives.ReadUInt16BigEndian(rest[2..]);
            rest = rest[VlanTagSize..];
        }
        packet = etherType == EtherTypeIpv6 ? rest : default;
        return etherType == EtherTypeIpv6;
    }
}
