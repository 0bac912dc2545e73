using System.Buffers.Binary;
using Pdm6.Wire;

namespace Pdm6.Datapath.Tests.UdpOptions;

/// <summary>Surplus areas that someone made to do harm, and what Wire says of them.</summary>
internal static class HostileArea
{
    private const byte UnsafeKind = 200, Fragment = 3, LongLength = 255;

    /// <summary>An area of at most 12 options and 256 octets: the kernel looks into no longer ones.</summary>
    internal static byte[] Next(Random random, bool startsAtOddOffset)
    {
        List<byte> octets = [.. new byte[startsAtOddOffset ? 3 : 2]];
        for (int options = random.Next(1, 5); options > 0; options--)
            octets.AddRange(NextOption(random));
        byte[] area = [.. octets.Take(256)];
        if (random.Next(8) == 0)
            area = area[..random.Next(1, area.Length)];
        if (random.Next(6) == 0)
            area[random.Next(area.Length)] ^= (byte)random.Next(1, 256);
        if (startsAtOddOffset && random.Next(20) == 0)
            area[0] = 1;
        if (area.Length >= 3 && random.Next(10) != 0)
            UdpOption.WriteChecksum(area, startsAtOddOffset);
        return area;
    }

    /// <summary>Null: not one of ours. An area whose pad or checksum is wrong is malformed if, but for that, it had an
    /// option of ours.</summary>
    internal static ObservationVerdict? Judge(byte[] area, bool startsAtOddOffset)
    {
        UdpOptionReadStatus status = UdpOptionView.Find(
            area, startsAtOddOffset, UdpOption.DefaultExId, out UdpOptionView view, out bool hasPdm);
        if (status == UdpOptionReadStatus.Malformed && !hasPdm)
        {
            byte[] repaired = [.. area];
            if (startsAtOddOffset)
                repaired[0] = 0;
            if (repaired.Length >= 3)
                UdpOption.WriteChecksum(repaired, startsAtOddOffset);
            _ = UdpOptionView.Find(repaired, startsAtOddOffset, UdpOption.DefaultExId, out _, out hasPdm);
        }
        return status switch
        {
            UdpOptionReadStatus.Ok => view.IsProtected ? ObservationVerdict.NoKey : ObservationVerdict.Clear,
            UdpOptionReadStatus.UnknownVersion => ObservationVerdict.UnknownVersion,
            UdpOptionReadStatus.Malformed when hasPdm => ObservationVerdict.Malformed,
            _ => null,
        };
    }

    private static byte[] NextOption(Random random) => random.Next(12) switch
    {
        0 => [1],
        1 => [0],
        2 => [4, 4, 5, 0],
        3 => Option(Fragment, random.Next(8) == 0 ? 9 : 10, random),
        4 => Option(UnsafeKind, random.Next(2, 8), random),
        5 => Option(UdpOption.Kind, random.Next(2, 44), random), // an experiment of others, mostly
        6 => Long(random),
        7 => Ours(random, random.Next(4, 44)),
        _ => Ours(random, random.Next(2) == 0 ? UdpOption.ProtectedLength : UdpOption.ClearLength),
    };

    private static byte[] Ours(Random random, int length)
    {
        byte[] option = Option(UdpOption.Kind, length, random);
        BinaryPrimitives.WriteUInt16BigEndian(option.AsSpan(2), UdpOption.DefaultExId);
        if (length > 5) // no epoch that anybody has a key for
            BinaryPrimitives.WriteUInt16BigEndian(option.AsSpan(4), (ushort)(random.Next(8) == 0 ? 0x3abc : 0x2abc));
        return option;
    }

    private static byte[] Long(Random random)
    {
        byte[] option = Option(UdpOption.Kind, random.Next(6, 50), random);
        (option[2], option[3]) = (0, option[1]);
        option[1] = LongLength;
        BinaryPrimitives.WriteUInt16BigEndian(option.AsSpan(4), UdpOption.DefaultExId);
        return option;
    }

    private static byte[] Option(byte kind, int length, Random random)
    {
        byte[] option = new byte[length];
        random.NextBytes(option);
        (option[0], option[1]) = (kind, (byte)length);
        return option;
    }
}
