using System.Text.Json;

namespace Pdm6.Security.Tests;

public sealed class IdentifierTests
{
    private const string Text = "000102030405060708090a0b0c0d0eff";

    [Fact]
    public void Text_Parsed_ComesBack()
    {
        Assert.True(IncarnationId.TryParse(Text, out IncarnationId incarnation));
        Assert.True(ContextId.TryParse(Text.ToUpperInvariant(), out ContextId context));
        Assert.Equal(Text, incarnation.ToString());
        Assert.Equal(Text, context.ToString());
        Assert.Equal(new string('0', 32), default(ContextId).ToString());
    }

    [Theory]
    [InlineData("")]
    [InlineData("000102030405060708090a0b0c0d0ef")]
    [InlineData("000102030405060708090a0b0c0d0eff0")]
    [InlineData("000102030405060708090a0b0c0d0efg")]
    [InlineData(" 00102030405060708090a0b0c0d0eff")]
    [InlineData("0x0102030405060708090a0b0c0d0eff")]
    [InlineData("+00102030405060708090a0b0c0d0eff")]
    public void TryParse_OtherText_IsRefused(string text)
    {
        Assert.False(IncarnationId.TryParse(text, out _));
        Assert.False(ContextId.TryParse(text, out _));
        string json = JsonSerializer.Serialize(text);
        Assert.Throws<JsonException>(() => JsonSerializer.Deserialize<IncarnationId>(json));
    }

    [Theory]
    [InlineData("1")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("true")]
    public void Json_AnotherKind_IsRefused(string json) =>
        Assert.Throws<JsonException>(() => JsonSerializer.Deserialize<ContextId>(json));

    [Fact]
    public void Json_RoundTrip_IsTheText()
    {
        ContextId id = ContextId.NewRandom();
        string json = JsonSerializer.Serialize(id);
        Assert.Equal($"\"{id}\"", json);
        Assert.Equal(id, JsonSerializer.Deserialize<ContextId>(json));
    }

    [Fact]
    public void Octets_RoundTrip_AreTheTextsDigits()
    {
        Assert.True(IncarnationId.TryParse(Text, out IncarnationId incarnation));
        byte[] octets = new byte[20];
        incarnation.Write(octets);
        Assert.Equal(Text, Convert.ToHexStringLower(octets[..16]));
        Assert.Equal(incarnation, IncarnationId.Read(octets));
        Assert.Equal(ContextId.From(incarnation.Value), ContextId.Read(octets));
        Assert.Throws<ArgumentOutOfRangeException>(() => IncarnationId.Read(new byte[15]));
        Assert.Throws<ArgumentOutOfRangeException>(() => incarnation.Write(new byte[15]));
    }

    [Fact]
    public void NewRandom_ManyTimes_NeverRepeats() =>
        Assert.Equal(1000, Enumerable.Range(0, 1000).Select(_ => IncarnationId.NewRandom()).Distinct().Count());
}
