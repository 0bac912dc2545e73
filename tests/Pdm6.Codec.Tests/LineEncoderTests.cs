namespace Pdm6.Codec.Tests;

public sealed class LineEncoderTests
{
    private const string Deltas = "\"scaleDtlr\":14,\"scaleDtls\":0,\"deltaTlr\":61035,\"deltaTls\":0";
    private const string Metrics = "\"psntp\":1,\"psnlr\":2,\"globalPointer\":3," + Deltas;
    private const string Sealed = "\"epoch\":5,\"flow\":" + Codec.Flow + "," + Metrics;
    private const string Frame = "\"sequence\":1,\"timestampMicroseconds\":1699200000000000";

    [Theory]
    [InlineData("{\"carriage\":\"destopt-v1\",\"psntp\":1,\"psnlr\":2," + Deltas + "}", "0f0a0e0000010002ee6b0000")]
    [InlineData("{\"carriage\":\"destopt-v2-clear\"," + Metrics + "}", "1e1620000000000100000002000000030e000000ee6b0000")]
    [InlineData("{\"carriage\":\"destopt-v2-clear\",\"epoch\":0,\"optionType\":62," + Metrics + "}",
        "3e1620000000000100000002000000030e000000ee6b0000")]
    [InlineData("{\"carriage\":\"udp-option-clear\",\"udpLength\":12," + Metrics + "}",
        "140a7f1a504d20000000000100000002000000030e000000ee6b0000")]
    [InlineData("{\"carriage\":\"udp-frame\",\"flags\":2," + Frame + ",\"tlvs\":[{\"value\":\"6B6d6f64\",\"type\":100}]}",
        "020200000000000100060969d4670000006400046b6d6f64")]
    [InlineData(" {\"carriage\" : \"udp-frame\" , \"flags\":0,\"sequence\":0,\"timestampMicroseconds\":0} ",
        "02000000000000000000000000000000")]
    public void Answer_ClearObject_GivesItsOctets(string line, string octets) => Assert.Equal(octets, Codec.Octets(line));

    [Theory]
    [InlineData("destopt-v1", 12)]
    [InlineData("destopt-v2-clear", 24)]
    [InlineData("destopt-v2", 40)]
    [InlineData("udp-option-clear", 28)]
    [InlineData("udp-option", 44)]
    [InlineData("udp-frame", 20)]
    public void Answer_ObjectWithMembersOfEveryCarriage_PassesOverWhatItHasNoUseFor(string carriage, int octets)
    {
        const string members = Sealed + ",\"suite\":1,\"udpLength\":8,\"exId\":20557,\"optionType\":30,\"flags\":0," + Frame
            + ",\"tlvs\":[{\"type\":100,\"value\":\"\"}],\"status\":\"ok\",\"hex\":{\"not\":[\"hex\"]}}";

        Assert.Equal(octets * 2, Codec.Octets($"{{\"carriage\":\"{carriage}\"," + members).Length);
    }

    [Theory]
    [InlineData("", "the line")]
    [InlineData("[]", "the line")]
    [InlineData("null", "the line")]
    [InlineData("1e16", "the line")]
    [InlineData("{", "the line")]
    [InlineData("{}{}", "the line")]
    [InlineData("{\"carriage\":\"\\ud800\"}", "carriage")]
    [InlineData("{\"\\ud800\":1}", "the line")]
    [InlineData("{}", "carriage")]
    [InlineData("{\"carriage\":7}", "carriage")]
    [InlineData("{\"carriage\":\"destopt\"}", "carriage")]
    [InlineData("{\"carriage\":\"destopt-v2-legacy\"," + Metrics + "}", "carriage")]
    [InlineData("{\"carriage\":\"destopt-v1\",\"psnlr\":2," + Deltas + "}", "psntp")]
    [InlineData("{\"carriage\":\"destopt-v1\",\"psntp\":65536,\"psnlr\":2," + Deltas + "}", "psntp")]
    [InlineData("{\"carriage\":\"destopt-v1\",\"psntp\":-1,\"psnlr\":2," + Deltas + "}", "psntp")]
    [InlineData("{\"carriage\":\"destopt-v1\",\"psntp\":1.0,\"psnlr\":2," + Deltas + "}", "psntp")]
    [InlineData("{\"carriage\":\"destopt-v1\",\"psntp\":\"1\",\"psnlr\":2," + Deltas + "}", "psntp")]
    [InlineData("{\"carriage\":\"destopt-v1\",\"psntp\":null,\"psnlr\":2," + Deltas + "}", "psntp")]
    [InlineData("{\"carriage\":\"destopt-v1\",\"psntp\":true,\"psnlr\":2," + Deltas + "}", "psntp")]
    [InlineData("{\"carriage\":\"destopt-v1\",\"psntp\":{\"a\":[1]},\"psnlr\":2," + Deltas + "}", "psntp")]
    [InlineData("{\"carriage\":\"destopt-v1\",\"psntp\":18446744073709551616,\"psnlr\":2," + Deltas + "}", "psntp")]
    [InlineData("{\"carriage\":\"destopt-v1\",\"psntp\":1,\"psntp\":1,\"psnlr\":2," + Deltas + "}", "psntp")]
    [InlineData("{\"carriage\":\"destopt-v2-clear\",\"optionType\":15," + Metrics + "}", "optionType")]
    [InlineData("{\"carriage\":\"destopt-v2-clear\",\"Psntp\":1," + Metrics + "}", "Psntp")]
    [InlineData("{\"carriage\":\"destopt-v2\",\"epoch\":5," + Metrics + "}", "flow")]
    [InlineData("{\"carriage\":\"destopt-v2\",\"flow\":" + Codec.Flow + "," + Metrics + "}", "epoch")]
    [InlineData("{\"carriage\":\"destopt-v2\",\"epoch\":4096,\"flow\":" + Codec.Flow + "," + Metrics + "}", "epoch")]
    [InlineData("{\"carriage\":\"destopt-v2\",\"suite\":3," + Sealed + "}", "suite")]
    [InlineData("{\"carriage\":\"udp-option-clear\"," + Metrics + "}", "udpLength")]
    [InlineData("{\"carriage\":\"udp-option-clear\",\"udpLength\":7," + Metrics + "}", "udpLength")]
    [InlineData("{\"carriage\":\"udp-option\",\"udpLength\":8,\"epoch\":5," + Metrics
        + ",\"flow\":{\"source\":\"::1\",\"destination\":\"::2\",\"protocol\":6,\"sourcePort\":1,\"destinationPort\":1}}", "flow")]
    [InlineData("{\"carriage\":\"udp-frame\",\"flags\":8," + Frame + "}", "flags")]
    [InlineData("{\"carriage\":\"udp-frame\",\"flags\":0,\"keyId\":1," + Frame + "}", "keyId")]
    [InlineData("{\"carriage\":\"udp-frame\",\"flags\":5,\"keyId\":4096," + Frame + "}", "keyId")]
    [InlineData("{\"carriage\":\"udp-frame\",\"flags\":0,\"nonce\":\"000102030405060708090a0b\"," + Frame + "}", "nonce")]
    [InlineData("{\"carriage\":\"udp-frame\",\"flags\":1,\"nonce\":\"00\"," + Frame + "}", "nonce")]
    [InlineData("{\"carriage\":\"udp-frame\",\"flags\":1,\"nonce\":\"zz0102030405060708090a0b\"," + Frame + "}", "nonce")]
    [InlineData("{\"carriage\":\"udp-frame\",\"flags\":0,\"tlvs\":{}," + Frame + "}", "tlvs")]
    [InlineData("{\"carriage\":\"udp-frame\",\"flags\":0,\"tlvs\":[1]," + Frame + "}", "tlvs")]
    [InlineData("{\"carriage\":\"udp-frame\",\"flags\":0,\"tlvs\":[{\"type\":100}]," + Frame + "}", "tlvs")]
    [InlineData("{\"carriage\":\"udp-frame\",\"flags\":0,\"tlvs\":[{\"type\":65536,\"value\":\"\"}]," + Frame + "}", "tlvs")]
    [InlineData("{\"carriage\":\"udp-frame\",\"flags\":0,\"tlvs\":[{\"type\":3,\"value\":\"0000\"}]," + Frame + "}", "tlvs")]
    [InlineData("{\"carriage\":\"udp-frame\",\"flags\":0,\"tlvs\":[{\"type\":100,\"value\":\"0\"}]," + Frame + "}", "tlvs")]
    [InlineData("{\"carriage\":\"udp-frame\",\"flags\":0,\"tlvs\":[{\"type\":100,\"value\":\"0g\"}]," + Frame + "}", "tlvs")]
    [InlineData("{\"carriage\":\"udp-frame\",\"flags\":0,\"tlvs\":[{\"type\":100,\"value\":\"\",\"length\":0}]," + Frame + "}", "tlvs")]
    public void Answer_ObjectThatCannotBe_NamesTheMemberInOneSentence(string line, string member)
    {
        string error = Codec.Error(line);
        Assert.StartsWith($"{member}: ", error);
        Assert.DoesNotContain('\n', error);
    }

    [Fact]
    public void Answer_ValueOf65535OctetsAndOneMore_IsTheMostATlvCanSay()
    {
        string Line(int size) =>
            $$"""{"carriage":"udp-frame","flags":0,{{Frame}},"tlvs":[{"type":100,"value":"{{new string('0', 2 * size)}}"}]}""";
        Assert.Equal(2 * (16 + 4 + 65535), Codec.Octets(Line(65535)).Length);
        Assert.StartsWith("tlvs: ", Codec.Error(Line(65536)));
    }

    [Theory]
    [InlineData("{\"carriage\":\"destopt-v2\"," + Sealed + "}", "carriage")]
    [InlineData("{\"carriage\":\"udp-option\",\"udpLength\":8," + Sealed + "}", "carriage")]
    [InlineData("{\"carriage\":\"udp-frame\",\"flags\":1," + Frame + "}", "flags")]
    [InlineData("{\"carriage\":\"udp-frame\",\"flags\":5," + Frame + "}", "flags")]
    public void Answer_SealedWithoutKey_AsksForTheFile(string line, string member)
    {
        string error = Codec.Error(line, Codec.NoKeys());
        Assert.StartsWith($"{member}: ", error);
        Assert.Contains("-file", error);
    }

    [Fact]
    public void Answer_NoNonce_MakesAFreshOneEachTime()
    {
        const string line = "{\"carriage\":\"udp-frame\",\"flags\":1," + Frame + "}";
        HashSet<string> nonces = [.. Enumerable.Range(0, 100).Select(_ => Codec.Octets(line)[32..56])];
        Assert.Equal(100, nonces.Count);
    }

    [Fact]
    public void Answer_BothKeys_RawKeyServesFramesWithoutKeyIdAndPairSecretTheOthers()
    {
        const string nonce = ",\"nonce\":\"000102030405060708090a0b\"," + Frame + "}";
        const string raw = "{\"carriage\":\"udp-frame\",\"flags\":1" + nonce;
        const string derived = "{\"carriage\":\"udp-frame\",\"flags\":5,\"keyId\":7" + nonce;
        CodecKeys PairSecretOnly() => CodecKeys.OfKnownSecrets(Vectors.Sample.BaseSecret, null);
        CodecKeys RawOnly() => CodecKeys.OfKnownSecrets(null, Vectors.Sample.FrameKey);
        Assert.Equal(Codec.Octets(raw, RawOnly()), Codec.Octets(raw));
        Assert.Equal(Codec.Octets(derived, PairSecretOnly()), Codec.Octets(derived));
        Assert.NotEqual(Codec.Octets(derived, RawOnly()), Codec.Octets(derived));
        Assert.StartsWith("flags: ", Codec.Error(raw, PairSecretOnly()));
    }

    [Fact]
    public void Answer_HostileMemberName_IsQuotedShortAndAsText()
    {
        string error = Codec.Error($$"""{"carriage":"udp-frame","\"{{new string('x', 500)}}":1}""");
        Assert.InRange(error.Length, 1, 120);
    }
}
