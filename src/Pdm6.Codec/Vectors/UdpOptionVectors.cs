using Pdm6.Security;
using Pdm6.Wire;
using static Pdm6.Codec.DecodeStatus;

namespace Pdm6.Codec.Vectors;

/// <summary>Vectors of udp-option, clear and protected: whole surplus areas.</summary>
internal static class UdpOptionVectors
{
    private const ushort Epoch = 0x0abc;
    private const uint Psntp = 42;
    private const ushort EvenLength = 40, OddLength = 41;
    private const int ChecksumSize = 2;

    private static readonly byte[] s_maximumSize = [4, 4, 0x05, 0x78]; // an option that is somebody else's

    public static IEnumerable<Vector> All() =>
        [.. Clear(), .. Areas(), .. Protected(Suite.Aes128Gcm), .. Protected(Suite.Aes256Gcm), .. SpoiltProtected()];

    private static IEnumerable<Vector> Clear()
    {
        yield return ClearArea("even", "The area begins at an even offset: no pad.", EvenLength);
        yield return ClearArea("odd", "The area begins at an odd offset: a pad of one zero octet.", OddLength);
        yield return ClearArea("other ExID", "ExID 0x1234, as a setting.", EvenLength, 0x1234);
    }

    /// <summary>Areas that are right or wrong whatever the option in them says.</summary>
    private static IEnumerable<Vector> Areas()
    {
        Vector even = ClearArea("even", "", EvenLength), odd = ClearArea("odd", "", OddLength);
        byte[] option = even.Octets[ChecksumSize..];
        yield return even.Spoilt(
            "other options around", "NOP, a maximum datagram size, ours, and the end of the list.", Ok, Area([1, .. s_maximumSize, .. option, 0]));
        yield return even.Spoilt("wrong checksum", "A bit of the checksum flipped.", Malformed, even.WithBitFlipped(1));
        yield return even.Spoilt("checksum 0", "0 means unused, which IPv6 does not allow.", Malformed, [0, 0, .. option]);
        yield return odd.Spoilt("pad not 0", "The checksum is right, the pad is not.", Malformed, Mended(odd.With(0, 1), isOdd: true));
        yield return even.Known(
            "pad missing", "An odd UDP length asks for a pad.", Malformed, $"\"carriage\":\"udp-option\",\"udpLength\":{OddLength}");
        yield return odd.Known(
            "pad too many", "An even UDP length asks for none.", Malformed, $"\"carriage\":\"udp-option\",\"udpLength\":{EvenLength}");
        yield return even.Spoilt("overrun", "The option says one octet more than there is.", Malformed, Area([.. option[..1], 27, .. option[2..]]));
        yield return even.Spoilt("length below the least", "An option has at least two octets.", Malformed, Area([.. option, 99, 1]));
        yield return even.Spoilt("two PDM options", "Neither may be used.", Malformed, Area([.. option, .. option]));
        yield return even.Spoilt("unsafe option", "Kind 200 is unsafe and unknown.", Malformed, Area([200, 2, .. option]));
        yield return even.Spoilt("no PDM option", "Another option alone.", Malformed, Area(s_maximumSize));
        yield return even.Spoilt(
            "length of no form", "A PDM option of 28 octets.", Malformed, Area([.. option[..1], 28, .. option[2..], 0, 0]));
        yield return even.Spoilt("version 3", "Another version.", UnknownVersion, Area([.. option[..4], 0x30, .. option[5..]]));
        yield return even.Spoilt("truncated", "The last octet is missing.", Malformed, even.Octets[..^1]);
        yield return even.Spoilt("no room for the checksum", "An area of one octet.", Malformed, [0]);
    }

    private static IEnumerable<Vector> Protected(Suite suite)
    {
        yield return ProtectedArea("even", suite, EvenLength, Epoch, Psntp);
        yield return ProtectedArea("odd", suite, OddLength, Epoch, Psntp);
        yield return ProtectedArea("smallest epoch and number", suite, EvenLength, 0, 0);
        yield return ProtectedArea("largest epoch and number", suite, OddLength, 0x0fff, uint.MaxValue);
        yield return ProtectedArea("other ExID", suite, EvenLength, Epoch, Psntp, 0x1234);
    }

    private static IEnumerable<Vector> SpoiltProtected()
    {
        Vector usual = ProtectedArea("even", Suite.Aes256Gcm, EvenLength, Epoch, Psntp);
        yield return usual.Spoilt(
            "bad tag", "A bit of the tag flipped, and the checksum made right again.", AuthenticationFailed, Mended(usual.WithBitFlipped(^1)));
        yield return usual.Spoilt(
            "bad ciphertext", "A bit of the ciphertext flipped, and the checksum made right again.", AuthenticationFailed,
            Mended(usual.WithBitFlipped(12)));
        yield return usual.Spoilt(
            "other PSNTP", "A bit of the number flipped, and the checksum made right again.", AuthenticationFailed,
            Mended(usual.WithBitFlipped(11)));
        yield return usual.Spoilt("wrong checksum", "The tag is right, the checksum is not.", Malformed, usual.WithBitFlipped(0));
        yield return usual.Spoilt(
            "sealed as destopt-v2", "The carriage is part of the nonce.", AuthenticationFailed,
            ProtectedArea("", Suite.Aes256Gcm, EvenLength, Epoch, Psntp, carriage: Carriage.DestinationOptionV2).Octets);
        yield return usual.Known(
            "flow of TCP", "A udp-option rides behind UDP.", Malformed,
            $"\"flow\":{Sample.JsonOf(Sample.Tcp)},\"suite\":2,\"udpLength\":{EvenLength}");
        yield return usual.Known("no key", "Only the clear fields are known.", NoKey, usual.DecodeWith, withoutKeys: true);
    }

    private static Vector ClearArea(string name, string about, ushort udpLength, ushort exId = UdpOption.DefaultExId)
    {
        bool isOdd = UdpSurplus.IsOddOffset(udpLength);
        byte[] area = new byte[UdpOption.ClearSurplusSize + (isOdd ? 1 : 0)];
        UdpOption.WriteClear(area, isOdd, Psntp, Sample.Metrics, exId);
        return new Vector($"udp-option-clear, {name}", about, area, Ok)
        {
            Encode = $$"""{"carriage":"udp-option-clear","udpLength":{{udpLength}}{{ExIdJson(exId)}},"psntp":{{Psntp}},{{Sample.MetricsJson}}}""",
            DecodeWith = $"\"carriage\":\"udp-option\",\"udpLength\":{udpLength}",
        };
    }

    private static Vector ProtectedArea(
        string name, Suite suite, ushort udpLength, ushort epoch, uint psntp, ushort exId = UdpOption.DefaultExId,
        Carriage carriage = Carriage.UdpOption)
    {
        bool isOdd = UdpSurplus.IsOddOffset(udpLength);
        byte[] head = new byte[UdpOption.AssociatedDataSize];
        UdpOption.WriteAssociatedData(head, isProtected: true, exId, epoch, psntp);
        SealedBlock block = new(Sample.Udp, suite, epoch, carriage, psntp, head, Sample.Metrics);
        byte[] area = new byte[UdpOption.ProtectedSurplusSize + (isOdd ? 1 : 0)];
        UdpOption.WriteProtected(area, isOdd, head, block.Ciphertext, block.Tag);
        string known = $"\"flow\":{Sample.JsonOf(Sample.Udp)},\"suite\":{(int)suite},\"udpLength\":{udpLength}";
        return new Vector($"udp-option, suite {(int)suite}, {name}", $"Sealed with {suite}.", area, Ok)
        {
            PairSecret = block.PairSecret,
            Encode = $$"""{"carriage":"udp-option",{{known}}{{ExIdJson(exId)}},"epoch":{{epoch}},"psntp":{{psntp}},{{Sample.MetricsJson}}}""",
            DecodeWith = exId == UdpOption.DefaultExId ? known : $"\"carriage\":\"udp-option\",{known}",
            Intermediate = block.Steps,
        };
    }

    private static string ExIdJson(ushort exId) => exId == UdpOption.DefaultExId ? "" : $",\"exId\":{exId}";

    /// <summary>An area with these options, at an even offset.</summary>
    private static byte[] Area(byte[] options) => Mended([0, 0, .. options]);

    private static byte[] Mended(byte[] area, bool isOdd = false)
    {
        UdpOption.WriteChecksum(area, isOdd);
        return area;
    }
}
