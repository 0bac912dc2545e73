using System.Text.Json;
using Pdm6.Security.Identity;

namespace Pdm6.Security.Tests.Identity;

public sealed class FingerprintTests
{
    // FIPS 180-4's example.
    private const string OfAbc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

    [Fact]
    public void Of_KnownMessage_IsItsSha256() => Assert.Equal(OfAbc, Fingerprint.Of("abc"u8).ToString());

    [Fact]
    public void TextOctetsAndJson_RoundTrip_AreTheSame()
    {
        Assert.True(Fingerprint.TryParse(OfAbc, out Fingerprint read));
        byte[] octets = new byte[Fingerprint.Size];
        read.Write(octets);
        Assert.Equal(OfAbc, Convert.ToHexStringLower(octets));
        Assert.Equal(read, Fingerprint.Read(octets));
        Assert.Equal(read, JsonSerializer.Deserialize<Fingerprint>(JsonSerializer.Serialize(read)));
    }

    [Theory]
    [InlineData("")]
    [InlineData("ba7816bf")]
    [InlineData(OfAbc + "0")]
    [InlineData(" a7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")]
    [InlineData("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015a ")]
    [InlineData("ga7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")]
    public void TryParse_NotSixtyFourDigits_IsRefused(string text)
    {
        Assert.False(Fingerprint.TryParse(text, out _));
        Assert.Throws<JsonException>(() => JsonSerializer.Deserialize<Fingerprint>(JsonSerializer.Serialize(text)));
    }

    [Theory]
    [InlineData("7")]
    [InlineData("null")]
    [InlineData("[]")]
    public void Json_NotAString_IsRefused(string json) =>
        Assert.Throws<JsonException>(() => JsonSerializer.Deserialize<Fingerprint>(json));

    [Fact]
    public void Order_IsThatOfTheOctets()
    {
        string zeros = new('0', 63);
        Assert.True(Fingerprint.TryParse("1" + zeros, out Fingerprint high));
        Assert.True(Fingerprint.TryParse(zeros + "1", out Fingerprint low));
        Assert.True(low < high && high > low && low <= high && high >= low && low.CompareTo(low) == 0);
    }
}
