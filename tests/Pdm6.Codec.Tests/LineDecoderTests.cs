using System.Text.Json.Nodes;
using Pdm6.Codec.Objects;
using Pdm6.Security;
using Pdm6.Wire;

namespace Pdm6.Codec.Tests;

public sealed class LineDecoderTests
{
    private const string Clear = "1e1620000000000100000002000000030e000000ee6b0000";

    [Theory]
    [InlineData("")]
    [InlineData("zz")]
    [InlineData("1e1")]
    [InlineData("1e 16")]
    [InlineData("0x1e16")]
    [InlineData("\"1e16\"")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{")]
    [InlineData("{}")]
    [InlineData("{\"hex\":7}")]
    [InlineData("{\"hex\":\"1\"}")]
    [InlineData("{\"hex\":\"00\",\"hex\":\"00\"}")]
    [InlineData("{\"hex\":\"00\",\"suite\":3}")]
    [InlineData("{\"hex\":\"00\",\"suite\":\"2\"}")]
    [InlineData("{\"hex\":\"00\",\"flow\":7}")]
    [InlineData("{\"hex\":\"00\",\"flow\":{}}")]
    [InlineData("{\"hex\":\"00\",\"udpLength\":7}")]
    [InlineData("{\"hex\":\"00\",\"carriage\":\"other\"}")]
    [InlineData("{\"hex\":\"00\",\"psnpt\":1}")]
    [InlineData("{\"hex\":\"00\",\"other\":1}")]
    [InlineData("{\"hex\":\"00\"}}")]
    [InlineData("\ufffd\u0000")]
    public void Answer_NeitherHexNorItsObject_IsMalformedWithOneSentence(string line)
    {
        JsonObject answer = Codec.Decode(line);
        Assert.Equal(["status", "error"], answer.Select(member => member.Key));
        Assert.Equal("malformed", answer.Status());
        Assert.Contains(": ", (string)answer["error"]!);
    }

    [Fact]
    public void Answer_ObjectBesideOptions_GoesBeforeThem()
    {
        string option = Codec.Octets($$"""
            {"carriage":"destopt-v2","suite":1,"epoch":5,"flow":{{Codec.Flow}},"psntp":1,"psnlr":2,"globalPointer":3,"scaleDtlr":14,"scaleDtls":0,"deltaTlr":61035,"deltaTls":0}
            """);
        Assert.True(FlowJson.TryParse(Codec.Flow, out FlowKey flow, out _));
        DecodeDefaults right = new(Flow: flow, Suite: Suite.Aes128Gcm);
        DecodeDefaults wrong = new(CodecCarriage.DestoptV1, flow with { SourcePort = 1 }, Suite.Aes256Gcm);
        string full = $$"""{"hex":"{{option}}","carriage":"destopt-v2","flow":{{Codec.Flow}},"suite":1}""";
        Assert.Equal("ok", Codec.Decode(option, right).Status());
        Assert.Equal("ok", Codec.Decode(full, wrong).Status());
        Assert.Equal("malformed", Codec.Decode(option, wrong).Status());
        Assert.Equal("authentication-failed", Codec.Decode(option, wrong with { Carriage = null }).Status());
        Assert.Equal("no-key", Codec.Decode(option).Status());
        Assert.Equal("no-key", Codec.Decode(full, keys: Codec.NoKeys()).Status());
    }

    [Theory]
    [InlineData(Clear, "destopt-v2-clear")]
    [InlineData("0f0a0e0000010002ee6b0000", "destopt-v1")]
    [InlineData("0f1620000000000100000002000000030e000000ee6b0000", "destopt-v2-legacy")]
    [InlineData("140a7f1a504d20000000000100000002000000030e000000ee6b0000", "udp-option-clear")]
    [InlineData("001e0a7f1a504d2000000000010000000200000003ee6b0000ee6b0000", "udp-option")] // malformed: no right checksum
    [InlineData("140a7f1a504e20000000000100000002000000030e000000ee6b0000", "udp-frame")] // another ExID
    [InlineData("140a7f1b504d20000000000100000002000000030e000000ee6b0000", "udp-frame")] // longer than its area
    [InlineData("02000000000000000000000000000000", "udp-frame")]
    [InlineData("1e", "destopt-v2")]
    [InlineData("0f", "destopt-v2-legacy")]
    [InlineData("0f0a", "destopt-v1")]
    [InlineData("3e1620000000000100000002000000030e000000ee6b0000", "udp-frame")]
    [InlineData("00", "udp-frame")]
    public void Answer_NoCarriageNamed_IsToldFromTheOctets(string hex, string carriage) =>
        Assert.Equal(carriage, (string)Codec.Decode(hex)["carriage"]!);

    [Fact]
    public void Answer_UpperCaseDigits_AreRead() => Assert.Equal("ok", Codec.Decode(Clear.ToUpperInvariant()).Status());

    [Fact]
    public void Answer_StatusAndCarriage_ComeFirst() =>
        Assert.Equal(["status", "carriage"], Codec.Decode(Clear).Select(member => member.Key).Take(2));

    [Fact]
    public void Answer_WrongTagOrRefusedFrame_ShowsNoMetricsAndNoTlvs()
    {
        string frame = Codec.Octets("""{"carriage":"udp-frame","flags":1,"sequence":1,"timestampMicroseconds":2,"tlvs":[{"type":100,"value":"00"}]}""");
        JsonObject bad = Codec.Decode(frame[..^2] + (frame.EndsWith("00", StringComparison.Ordinal) ? "01" : "00"));
        Assert.Equal("authentication-failed", bad.Status());
        Assert.False(bad.ContainsKey("tlvs"));
        JsonObject clear = Codec.Decode("02000000000000000000000000000000");
        Assert.Equal("authentication-failed", clear.Status());
        Assert.False(clear.ContainsKey("tlvs"));
        Assert.Equal("ok", Codec.Decode("02000000000000000000000000000000", keys: Codec.NoKeys()).Status());
    }

    [Fact]
    public void Answer_WhatDecodePrints_CanBeEncodedAgain()
    {
        Random random = new(2026);
        for (int i = 0; i < 3000; i++)
        {
            string octets = Codec.Octets(RandomObject.Next(random));
            bool hasFlow = octets.Length is 80 or 88 or 90;
            string line = hasFlow ? $$"""{"hex":"{{octets}}","flow":{{RandomObject.Flow}}}""" : octets;
            JsonObject answer = Codec.Decode(line);
            if (answer.Status() == "authentication-failed")
                continue; // a clear frame, which a holder of its key refuses
            Assert.Equal("ok", answer.Status());
            if (((string)answer["carriage"]!).StartsWith("udp-option", StringComparison.Ordinal))
                answer["udpLength"] = octets.Length % 4 == 0 ? 8 : 9;
            Assert.Equal(octets, Codec.Octets(answer.ToJsonString()));
        }
    }

    [Fact]
    public void Answer_RandomAndMutatedLines_NeverThrowNorFailToAnswer()
    {
        Random random = new(2027);
        using CodecKeys keys = Codec.Keys();
        using LineDecoder decoder = new(keys, new DecodeDefaults());
        LineEncoder encoder = new(keys);
        for (int i = 0; i < 10_000; i++)
        {
            string text = i % 2 == 0 ? RandomObject.Next(random) : Codec.Octets(RandomObject.Next(random));
            char[] line = text.ToCharArray();
            for (int change = random.Next(4); change >= 0; change--)
                line[random.Next(line.Length)] = (char)random.Next(1, 128);
            string mutated = new string(line, 0, random.Next(line.Length + 1)).Replace('\n', ' ');
            Assert.True(Codec.Answer(decoder, mutated, out string answer));
            Assert.StartsWith("{\"status\":\"", answer);
            bool isDone = Codec.Answer(encoder, mutated, out answer);
            Assert.True(isDone != answer.StartsWith("{\"error\":\"", StringComparison.Ordinal), $"{mutated} gives {answer}");
        }
    }
}
