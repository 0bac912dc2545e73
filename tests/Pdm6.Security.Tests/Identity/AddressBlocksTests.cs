using System.Formats.Asn1;
using Pdm6.Security.Identity;
using Pdm6.Wire;

namespace Pdm6.Security.Tests.Identity;

public sealed class AddressBlocksTests
{
    [Theory]
    // What OpenSSL 3.0 writes for the same addresses.
    [InlineData("::/0", "300B300904020002300303010" + "0")]
    [InlineData("2001:db8::/32", "300F300D0402000230070305002001" + "0DB8")]
    [InlineData("2001:db8::1/128", "301B3019040200023013031100" + "20010DB8000000000000000000000001")]
    public void Encode_OnePrefix_IsThePrefixAsABitString(string prefix, string expected) =>
        Assert.Equal(expected, Convert.ToHexString(AddressBlocks.Encode(World.Prefixes(prefix))));

    [Theory]
    [InlineData("2001:db8::/33 2001:db8:8000::/33", "2001:db8::/32")]
    [InlineData("2001:db8::/32 2001:db8:1::/48", "2001:db8::/32")]
    [InlineData("2001:db8:1::/48 2001:db8::/32 2001:db8::/32", "2001:db8::/32")]
    [InlineData("2001:db8:1::/48 2001:db8:2::/48", "2001:db8:1::/48 2001:db8:2::/48")]
    [InlineData("2001:db8:3::/48 2001:db8:1::/48 2001:db8:2::/48", "2001:db8:1::/48 2001:db8:2::/47")]
    [InlineData("ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff/128 ::/128", "::/128 ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff/128")]
    [InlineData("::/1 8000::/1", "::/0")]
    public void Decode_WhatWasEncoded_IsTheFewestPrefixes(string prefixes, string expected) => Assert.Equal(
        World.Prefixes(expected.Split(' ')), Decode(AddressBlocks.Encode(World.Prefixes(prefixes.Split(' ')))));

    [Fact]
    public void EncodeAndDecode_RandomPrefixes_CoverTheSameAddresses()
    {
        Random random = new(20260301);
        for (int round = 0; round < 2_000; round++)
        {
            // Few bits, so that prefixes overlap and touch.
            Ipv6Prefix[] prefixes = [.. Enumerable.Range(0, random.Next(1, 12)).Select(_ => new Ipv6Prefix(
                new Ipv6Address((UInt128)random.Next(64) << 122), random.Next(1, 7)))];
            IReadOnlyList<Ipv6Prefix> read = Decode(AddressBlocks.Encode(prefixes));
            for (int i = 0; i < 64; i++)
            {
                Ipv6Address address = new(((UInt128)i << 122) + 7);
                Assert.Equal(prefixes.Any(p => p.Contains(address)), read.Any(p => p.Contains(address)));
            }
            Assert.Equal(AddressBlocks.Encode(prefixes), AddressBlocks.Encode(read));
        }
    }

    [Fact]
    public void Decode_OtherFamiliesToo_TakesIpv6() =>
        Assert.Equal(World.Prefixes("::/0"), Decode(Convert.FromHexString(OperatorAuthority.EveryAddress)));

    [Theory]
    [InlineData("3000")] // no family
    [InlineData("300C300A040200013004030200" + "0A")] // IPv4 alone
    [InlineData("3016300904020002300303010030090402000230030301" + "00")] // IPv6 twice
    [InlineData("30083006040200020500")] // inherited
    [InlineData("300830060402000230" + "00")] // no block
    [InlineData("30133011040200023" + "00B030300200103040020010DB8")] // overlapping
    [InlineData("30133011040200023" + "00B030400200103030300200" + "1")] // malformed
    [InlineData("300F300D04020002300703050020010DB800")] // octets behind
    [InlineData("301D301B0402000230150313" + "0020010DB80000000000000000000000010000")] // more than 128 bits
    [InlineData("30133011040200023" + "00B3009030201800303000001")] // not canonical: the last address ends in ones
    public void Decode_OtherForms_AreRefused(string hex) =>
        Assert.Throws<AsnContentException>(() => Decode(Convert.FromHexString(hex)));

    [Fact]
    public void Decode_MorePrefixesThanFit_AreRefused()
    {
        // Every other address.
        Ipv6Prefix[] many = [.. Enumerable.Range(0, AddressBlocks.MostPrefixes + 1).Select(i => new Ipv6Prefix(new Ipv6Address((UInt128)(2 * i)), 128))];
        Assert.Equal(AddressBlocks.MostPrefixes, Decode(AddressBlocks.Encode(many[1..])).Count);
        Assert.Throws<AsnContentException>(() => Decode(AddressBlocks.Encode(many)));
    }

    private static IReadOnlyList<Ipv6Prefix> Decode(byte[] value) => AddressBlocks.Decode(new AsnReader(value, AsnEncodingRules.DER));
}
