using Pdm6.Security;
using Pdm6.Wire;
using static Pdm6.Codec.DecodeStatus;

namespace Pdm6.Codec.Vectors;

/// <summary>Vectors of udp-frame: whole UDP payloads.</summary>
internal static class FrameVectors
{
    private const string ReportsName = "udp-frame, the packet of the hackathon report";
    private const ulong Timestamp = 1_699_200_000_000_000;
    private const ushort Epoch = 0x0abc;

    private static readonly (ushort Type, byte[] Value)[] s_kmod = [((ushort)TlvType.Custom, [.. "kmod"u8])];

    private static readonly (ushort Type, byte[] Value)[] s_all =
    [
        ((ushort)TlvType.RoundTrip, [0, 0, 0, 0, 0, 0x0f, 0x42, 0x40]),
        ((ushort)TlvType.Jitter, [0, 0, 0, 0, 0, 0, 0x27, 0x10]),
        ((ushort)TlvType.HopCount, [7]),
        ((ushort)TlvType.LossRate, [0, 0, 0x03, 0xe8]),
        ((ushort)TlvType.ReceiveTime, [0x17, 0x94, 0xb4, 0x0d, 0x9e, 0x70, 0x00, 0x00]),
        ((ushort)TlvType.SendTime, [0x17, 0x94, 0xb4, 0x0d, 0x9e, 0x7f, 0x42, 0x40]),
        ((ushort)TlvType.Pdm, Block(Sample.Metrics)),
        ((ushort)TlvType.Padding, [0, 0, 0]),
        ((ushort)TlvType.Custom, []),
        (0xfffe, [1, 2, 3]), // unknown: kept
    ];

    public static IEnumerable<Vector> All() => [.. Clear(), .. SpoiltClear(), .. Sealed(), .. SpoiltSealed()];

    private static IEnumerable<Vector> Clear()
    {
        Vector empty = ClearFrame("no TLV", "A header alone.", new UdpFrameHeader(UdpFrameFlags.None, 0, 0, 0), []);
        yield return empty;
        yield return ClearFrame("every TLV", "Each type once, and an unknown one.", Header(UdpFrameFlags.Request), s_all);
        yield return ClearFrame("key id", "A clear frame may name a key.", Header(UdpFrameFlags.KeyId, 0x1234), s_kmod);
        yield return empty.Spoilt(
            "reserved bits not 0", "Flag bits 3 to 7, and octets 2 and 3 without flag bit 2, are ignored.", Ok,
            [2, 0xf8, 0xff, 0xff, .. empty.Octets[4..]]);
        yield return empty.Spoilt("key held", "Who holds a key for it refuses a clear frame.", AuthenticationFailed, empty.Octets) with
        {
            FrameKey = Sample.FrameKey,
        };
    }

    private static IEnumerable<Vector> SpoiltClear()
    {
        Vector empty = ClearFrame("no TLV", "", new UdpFrameHeader(UdpFrameFlags.None, 0, 0, 0), []);
        yield return empty.Spoilt("truncated", "The header has 16 octets.", Malformed, empty.Octets[..^1]);
        yield return empty.Spoilt("version 1", "Another version.", UnknownVersion, empty.With(0, 1));
        yield return empty.Spoilt("version 3, one octet", "A version is enough to refuse.", UnknownVersion, [3]);
        yield return empty.Spoilt("TLV cut in its header", "Three octets are no TLV.", Malformed, [.. empty.Octets, 0, 100, 0]);
        yield return empty.Spoilt("TLV past the end", "Says 5 octets, has 4.", Malformed, [.. empty.Octets, 0, 100, 0, 5, 1, 2, 3, 4]);
        yield return empty.Spoilt("hop count of two octets", "A known type has its length.", Malformed, [.. empty.Octets, 0, 3, 0, 2, 1, 1]);
        yield return empty.Spoilt("RTT of four octets", "A known type has its length.", Malformed, [.. empty.Octets, 0, 1, 0, 4, 0, 0, 0, 1]);
    }

    private static IEnumerable<Vector> Sealed()
    {
        yield return RawFrame(
            ReportsName, "From its field list: version 2, flags 3, sequence 1, TLV CUSTOM with kmod; "
            + "its printed dump contradicts that list. Raw key.", Header(UdpFrameFlags.Request), s_kmod);
        yield return RawFrame("udp-frame, raw key, no TLV", "Nothing but a tag.", Header(UdpFrameFlags.None), []);
        yield return RawFrame("udp-frame, raw key, every TLV", "Each type once, and an unknown one.", Header(UdpFrameFlags.None), s_all);
        foreach (Suite suite in Enum.GetValues<Suite>())
        {
            yield return DerivedFrame("usual", suite, Epoch, s_kmod);
            yield return DerivedFrame("largest epoch", suite, 0x0fff, s_all);
        }
    }

    private static IEnumerable<Vector> SpoiltSealed()
    {
        Vector raw = RawFrame("udp-frame, raw key", "", Header(UdpFrameFlags.Request), s_kmod);
        Vector derived = DerivedFrame("usual", Suite.Aes256Gcm, Epoch, s_kmod);
        yield return raw.Spoilt("bad tag", "A bit of the tag flipped.", AuthenticationFailed, raw.WithBitFlipped(^1));
        yield return raw.Spoilt("bad ciphertext", "A bit of the ciphertext flipped.", AuthenticationFailed, raw.WithBitFlipped(32));
        yield return raw.Spoilt("bad nonce", "A bit of the nonce flipped.", AuthenticationFailed, raw.WithBitFlipped(16));
        yield return raw.Spoilt("other sequence", "The header is bound by the tag.", AuthenticationFailed, raw.WithBitFlipped(7));
        yield return raw.Spoilt("other flags", "Even bits that are ignored are bound.", AuthenticationFailed, raw.WithBitFlipped(1, bit: 7));
        yield return raw.Spoilt("length too large", "Says 9 octets of ciphertext, has 8.", Malformed, raw.With(31, 9));
        yield return raw.Spoilt("length 2^32-1", "Far past the end.", Malformed, [.. raw.Octets[..28], 255, 255, 255, 255, .. raw.Octets[32..]]);
        yield return raw.Spoilt("truncated", "The last octet is missing.", Malformed, raw.Octets[..^1]);
        yield return raw.Spoilt("octet left over", "An octet too many.", Malformed, [.. raw.Octets, 0]);
        yield return raw.Spoilt("cut behind the length", "No ciphertext, no tag.", Malformed, raw.Octets[..32]);
        yield return raw.Spoilt("version 1", "Another version.", UnknownVersion, raw.With(0, 1));
        yield return RawFrameOf(
            [0, 100, 0, 9, 1], "udp-frame, raw key, authentic TLV past the end",
            "The tag is right; the sender made malformed TLVs.", Header(UdpFrameFlags.Encrypted)) with { Status = Malformed };
        yield return raw.Known("no key", "Only the header and the nonce are known.", NoKey, "", withoutKeys: true);
        yield return derived.Spoilt("other key id", "Selects another key.", AuthenticationFailed, derived.WithBitFlipped(3));
        yield return derived.Spoilt("key id above 4095", "The pair secret has no such epoch.", NoKey, derived.With(2, 0x1a));
        yield return derived.Known("other suite", "The suite is part of the key.", AuthenticationFailed, "\"suite\":1");
    }

    private static UdpFrameHeader Header(UdpFrameFlags flags, ushort keyId = 0) => new(flags, keyId, 1, Timestamp);

    private static Vector ClearFrame(string name, string about, UdpFrameHeader header, (ushort, byte[])[] tlvs)
    {
        byte[] head = new byte[UdpFrameHeader.Size];
        header.Write(head);
        return new Vector($"udp-frame, clear, {name}", about, [.. head, .. Octets(tlvs)], Ok) { Encode = EncodeJson(header, "", tlvs) };
    }

    private static Vector RawFrame(string name, string about, UdpFrameHeader header, (ushort, byte[])[] tlvs)
    {
        header = header with { Flags = header.Flags | UdpFrameFlags.Encrypted };
        return RawFrameOf(Octets(tlvs), name, about, header) with
        {
            Encode = EncodeJson(header, NonceJson(Sample.FrameNonce), tlvs),
        };
    }

    private static Vector RawFrameOf(byte[] tlvs, string name, string about, UdpFrameHeader header)
    {
        SealedFrame frame = new(Sample.FrameKey, header, Sample.FrameNonce, tlvs);
        return new Vector(name, about, frame.Octets, Ok)
        {
            FrameKey = Sample.FrameKey,
            Intermediate = [("key", Sample.FrameKey), .. frame.Steps],
        };
    }

    private static Vector DerivedFrame(string name, Suite suite, ushort epoch, (ushort, byte[])[] tlvs)
    {
        byte[] pairSecret = Sample.PairSecretOf(Sample.Udp), key = new byte[KeyDerivation.FrameKeySize];
        KeyDerivation.FrameKey(pairSecret, suite, epoch, key);
        byte[] nonce = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1];
        UdpFrameHeader header = Header(UdpFrameFlags.Encrypted | UdpFrameFlags.KeyId, epoch);
        SealedFrame frame = new(key, header, nonce, Octets(tlvs));
        string suiteJson = $"\"suite\":{(int)suite}";
        return new Vector(
            $"udp-frame, pair secret, suite {(int)suite}, {name}",
            "AES-256-GCM with the key of an epoch, which is the key id; the suite enters the key.", frame.Octets, Ok)
        {
            PairSecret = pairSecret,
            Encode = EncodeJson(header, $",{suiteJson}{NonceJson(nonce)}", tlvs),
            DecodeWith = suiteJson,
            Intermediate = [("baseSecret", Sample.BaseSecret), ("pairSecret", pairSecret), ("key", key), .. frame.Steps],
        };
    }

    private static string EncodeJson(UdpFrameHeader header, string more, (ushort Type, byte[] Value)[] tlvs) => $$"""
        {"carriage":"udp-frame","flags":{{(int)header.Flags}},"keyId":{{header.KeyId}},"sequence":{{header.Sequence}},"timestampMicroseconds":{{header.TimestampMicroseconds}}{{more}},"tlvs":[{{string.Join(',', tlvs.Select(JsonOf))}}]}
        """;

    private static string JsonOf((ushort Type, byte[] Value) tlv) =>
        $$"""{"type":{{tlv.Type}},"value":"{{Convert.ToHexStringLower(tlv.Value)}}"}""";

    private static string NonceJson(byte[] nonce) => $",\"nonce\":\"{Convert.ToHexStringLower(nonce)}\"";

    private static byte[] Octets((ushort Type, byte[] Value)[] tlvs) =>
    [
        .. tlvs.SelectMany(tlv => (byte[])
            [(byte)(tlv.Type >> 8), (byte)tlv.Type, (byte)(tlv.Value.Length >> 8), (byte)tlv.Value.Length, .. tlv.Value]),
    ];

    private static byte[] Block(PdmMetrics metrics)
    {
        byte[] block = new byte[PdmMetrics.Size];
        metrics.Write(block);
        return block;
    }
}
