using Pdm6.Security;
using Pdm6.Wire;
using static Pdm6.Codec.DecodeStatus;

namespace Pdm6.Codec.Vectors;

/// <summary>Vectors of destopt-v2, clear and protected.</summary>
internal static class DestinationOptionVectors
{
    private const ushort Epoch = 0x0abc;
    private const uint Psntp = 42;

    public static IEnumerable<Vector> All() =>
        [.. Clear(), .. SpoiltClear(), .. Protected(Suite.Aes128Gcm), .. Protected(Suite.Aes256Gcm), .. SpoiltProtected()];

    private static IEnumerable<Vector> Clear()
    {
        Vector usual = ClearOption("usual", "1 ms since the last reception, 20 ms between the last two.", Psntp, Sample.Metrics);
        PdmTime longest = new(ushort.MaxValue, byte.MaxValue);
        yield return usual;
        yield return ClearOption("first packet", "Nothing was received yet; PSNTP 0 is a number like any other.", 0, default);
        yield return ClearOption(
            "largest", "Every field at its largest; the times saturate at 2^63-1 ns.", uint.MaxValue,
            new PdmMetrics(uint.MaxValue, uint.MaxValue, longest, longest));
        yield return ClearOption("other option type", "Option type 0x3e, as a setting.", Psntp, Sample.Metrics, 0x3e);
        yield return usual.Spoilt(
            "epoch not 0", "The epoch of the clear form is ignored; the answer shows it.", Ok, usual.With(3, 0x07));
        yield return usual.Spoilt(
            "reserved octets not 0", "Octets 18 and 19 are ignored.", Ok, usual.With(18, 0xff));
    }

    private static IEnumerable<Vector> SpoiltClear()
    {
        Vector usual = ClearOption("usual", "", Psntp, Sample.Metrics);
        yield return usual.Spoilt("truncated", "The last octet is missing.", Malformed, usual.Octets[..^1]);
        yield return usual.Spoilt("octet left over", "An octet too many.", Malformed, [.. usual.Octets, 0]);
        yield return usual.Spoilt("length 23", "No form has this length.", Malformed, [.. usual.With(1, 23), 0]);
        yield return usual.Spoilt("no version", "Too short to hold a version.", Malformed, [0x1e, 0]);
        yield return usual.Spoilt(
            "version 3", "Another version: nothing else may be interpreted.", UnknownVersion, usual.With(2, 0x30));
        yield return usual.Spoilt(
            "version 3 and length 10", "The version counts before the length of a form.", UnknownVersion,
            [0x1e, 10, 0x30, .. new byte[9]]);
        yield return usual.Known(
            "as destopt-v1", "Told to be PDMv1, which it is not.", Malformed, "\"carriage\":\"destopt-v1\"");
    }

    private static IEnumerable<Vector> Protected(Suite suite)
    {
        yield return ProtectedOption("UDP", suite, Sample.Udp, Epoch, Psntp);
        yield return ProtectedOption("TCP", suite, Sample.Tcp, Epoch, Psntp);
        yield return ProtectedOption("ICMPv6 echo request", suite, Sample.EchoRequest, Epoch, Psntp);
        yield return ProtectedOption("ICMPv6 echo reply", suite, Sample.EchoReply, Epoch, Psntp);
        yield return ProtectedOption("ICMPv6 time exceeded", suite, Sample.TimeExceeded, Epoch, Psntp);
        yield return ProtectedOption("protocol without ports", suite, Sample.WithoutPorts, Epoch, Psntp);
        yield return ProtectedOption("smallest epoch and number", suite, Sample.Udp, 0, 0);
        yield return ProtectedOption("largest epoch and number", suite, Sample.Udp, 0x0fff, uint.MaxValue);
        yield return ProtectedOption("other option type", suite, Sample.Udp, Epoch, Psntp, 0x3e);
    }

    private static IEnumerable<Vector> SpoiltProtected()
    {
        Vector usual = ProtectedOption("UDP", Suite.Aes256Gcm, Sample.Udp, Epoch, Psntp);
        yield return usual.Spoilt("bad tag", "A bit of the tag flipped.", AuthenticationFailed, usual.WithBitFlipped(^1));
        yield return usual.Spoilt(
            "bad ciphertext", "A bit of the ciphertext flipped.", AuthenticationFailed, usual.WithBitFlipped(8));
        yield return usual.Spoilt(
            "other PSNTP", "The number is in clear, and bound by the tag.", AuthenticationFailed, usual.WithBitFlipped(7));
        yield return usual.Spoilt("other epoch", "Selects another key.", AuthenticationFailed, usual.WithBitFlipped(3));
        yield return usual.Spoilt(
            "other option type in the octets", "The type is bound by the tag.", AuthenticationFailed, usual.With(0, 0x3e)) with
        {
            DecodeWith = $"{usual.DecodeWith},\"carriage\":\"destopt-v2\"",
        };
        yield return usual.Spoilt("truncated", "The last octet is missing.", Malformed, usual.Octets[..^1]);
        yield return usual.Spoilt(
            "length of the clear form", "The option length alone tells the forms apart, and 16 octets are left over.", Malformed,
            usual.With(1, Pdmv2OptionView.ClearLength));
        yield return usual.Spoilt(
            "cut to the clear form", "24 octets with length 22 are a clear option, whatever they were.", Ok,
            usual.With(1, Pdmv2OptionView.ClearLength)[..Pdmv2OptionView.ClearSize]);
        yield return usual.Spoilt("tag of 12 octets", "Only drafts 11 to 14 had it.", Malformed, usual.With(1, 34)[..36]);
        yield return usual.Spoilt("version 1", "Another version.", UnknownVersion, usual.With(2, 0x1a));
        yield return usual.Known(
            "other flow", "Ports the other way round.", AuthenticationFailed,
            $"\"flow\":{Sample.JsonOf(Sample.Udp with { SourcePort = 53, DestinationPort = 5353 })},\"suite\":2");
        yield return usual.Known(
            "other suite", "The wire does not name the suite.", AuthenticationFailed,
            $"\"flow\":{Sample.JsonOf(Sample.Udp)},\"suite\":1");
        yield return usual.Known("no flow", "Without the flow there is no nonce.", NoKey, "\"suite\":2");
        yield return usual.Known("no key", "Only the clear fields are known.", NoKey, usual.DecodeWith, withoutKeys: true);
    }

    private static Vector ClearOption(
        string name, string about, uint psntp, PdmMetrics metrics, byte type = Pdmv2OptionView.DefaultOptionType)
    {
        byte[] option = new byte[Pdmv2OptionView.ClearSize];
        Pdmv2OptionView.WriteHeader(option, type, isProtected: false, epoch: 0, psntp);
        metrics.Write(option.AsSpan(Pdmv2OptionView.AssociatedDataSize));
        return new Vector($"destopt-v2-clear, {name}", about, option, Ok)
        {
            Encode = $$"""{"carriage":"destopt-v2-clear"{{TypeJson(type)}},"psntp":{{psntp}},{{Sample.JsonOf(metrics)}}}""",
            DecodeWith = CarriageJson(type),
        };
    }

    private static Vector ProtectedOption(
        string name, Suite suite, FlowKey flow, ushort epoch, uint psntp, byte type = Pdmv2OptionView.DefaultOptionType)
    {
        byte[] head = new byte[Pdmv2OptionView.AssociatedDataSize];
        Pdmv2OptionView.WriteHeader(head, type, isProtected: true, epoch, psntp);
        SealedBlock block = new(flow, suite, epoch, Carriage.DestinationOptionV2, psntp, head, Sample.Metrics);
        string flowJson = Sample.JsonOf(flow);
        return new Vector(
            $"destopt-v2, suite {(int)suite}, {name}", $"Sealed with {suite}.", [.. head, .. block.Ciphertext, .. block.Tag], Ok)
        {
            PairSecret = block.PairSecret,
            Encode = $$"""
                {"carriage":"destopt-v2"{{TypeJson(type)}},"flow":{{flowJson}},"suite":{{(int)suite}},"epoch":{{epoch}},"psntp":{{psntp}},{{Sample.MetricsJson}}}
                """,
            DecodeWith = $"\"flow\":{flowJson},\"suite\":{(int)suite}{(type == Pdmv2OptionView.DefaultOptionType ? "" : ",")}{CarriageJson(type)}",
            Intermediate = block.Steps,
        };
    }

    private static string TypeJson(byte type) =>
        type == Pdmv2OptionView.DefaultOptionType ? "" : $",\"optionType\":{type}";

    // Only the usual type can be told from the octets.
    private static string CarriageJson(byte type) =>
        type == Pdmv2OptionView.DefaultOptionType ? "" : "\"carriage\":\"destopt-v2\"";
}
