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
            area = area[..random.Next(3, area.Length)];
        if (random.Next(6) == 0)
            area[random.Next(area.Length)] ^= (byte)random.Next(1, 256);
        if (startsAtOddOffset && random.Next(20) == 0)
            area[0] = 1;
        if (random.Next(10) != 0)
            UdpOption.WriteChecksum(area, startsAtOddOffset);
        return area;
    }

    /// <summary>Null: not one of ours. An area whose pad or checksum is wrong is malformed if its first option is
    /// ours (docs/formats.md).</summary>
    internal static ObservationVerdict? Judge(byte[] area, bool startsAtOddOffset)
    {
        UdpOptionReadStatus status = UdpOptionView.Find(
            area, startsAtOddOffset, UdpOption.DefaultExId, out UdpOptionView view, out bool hasPdm);
        if (status == UdpOptionReadStatus.Malformed && !hasPdm && !IsSound(area, startsAtOddOffset))
            hasPdm = BeginsWithOurs(area.AsSpan(startsAtOddOffset ? 3 : 2));
        return status switch
        {
            UdpOptionReadStatus.Ok => view.IsProtected ? ObservationVerdict.NoKey : ObservationVerdict.Clear,
            UdpOptionReadStatus.UnknownVersion => ObservationVerdict.UnknownVersion,
            UdpOptionReadStatus.Malformed when hasPdm => ObservationVerdict.Malformed,
            _ => null,
        };
    }

    private static bool IsSound(byte[] area, bool startsAtOddOffset)
    {
        byte[] mended = [.. area];
        if (startsAtOddOffset)
            mended[0] = 0;
        UdpOption.WriteChecksum(mended, startsAtOddOffset);
        return area.AsSpan().SequenceEqual(mended);
    }

    private static bool BeginsWithOurs(ReadOnlySpan<byte> options)
    {
        options = options.TrimStart((byte)1);
        int exId = options.Length > 1 && options[1] == LongLength ? 4 : 2;
        return options.Length >= exId + 2 && options[0] == UdpOption.Kind
            && BinaryPrimitives.ReadUInt16BigEndian(options[exId..]) == UdpOption.DefaultExId;
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
