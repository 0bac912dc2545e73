namespace Pdm6.Wire.Tests;

public sealed class Ipv6AddressTests
{
    // RFC 5952 section 4 and what RFC 4291 section 2.2 allows on input.
    [Theory]
    [InlineData("2001:db8::1", "2001:db8::1")]
    [InlineData("2001:0DB8:0000:0000:0000:0000:0000:0001", "2001:db8::1")]
    [InlineData("2001:db8:0:1:1:1:1:1", "2001:db8:0:1:1:1:1:1")]
    [InlineData("2001:0:0:1:0:0:0:1", "2001:0:0:1::1")]
    [InlineData("2001:db8:0:0:1:0:0:1", "2001:db8::1:0:0:1")]
    [InlineData("::", "::")]
    [InlineData("::1", "::1")]
    [InlineData("::ffff:192.0.2.1", "::ffff:192.0.2.1")]
    [InlineData("ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff")]
    public void Parse_Rfc4291Text_PrintsAsRfc5952(string text, string canonical)
    {
        Assert.Equal(canonical, Ipv6Address.Parse(text).ToString());
        Assert.Equal(Ipv6Address.Parse(text), Ipv6Address.Parse(canonical));
    }

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData(" ::1")]
    [InlineData("::1 ")]
    [InlineData("192.0.2.1")]
    [InlineData("1")]
    [InlineData("fe80::1%eth0")]
    [InlineData("fe80::1%1")]
    [InlineData("[::1]")]
    [InlineData("[::1]:80")]
    [InlineData("::1/64")]
    [InlineData(":::1")]
    [InlineData("1::2::3")]
    [InlineData("12345::")]
    [InlineData("g::")]
    [InlineData("1:2:3:4:5:6:7")]
    [InlineData("1:2:3:4:5:6:7:8:9")]
    public void TryParse_AnythingElse_IsRefused(string text)
    {
        Assert.False(Ipv6Address.TryParse(text, out Ipv6Address address));
        Assert.Equal(default, address);
        Assert.Throws<FormatException>(() => Ipv6Address.Parse(text));
    }

    [Fact]
    public void ReadAndWrite_Octets_AreTheWireOrder()
    {
        byte[] octets = Convert.FromHexString("20010db80000000000000000000000ff");
        Ipv6Address address = Ipv6Address.Read([.. octets, 0xaa]);
        Assert.Equal("2001:db8::ff", address.ToString());
        byte[] written = new byte[17];
        address.Write(written);
        Assert.Equal([.. octets, 0], written);
    }

    [Fact]
    public void ReadAndWrite_FifteenOctets_IsTheCallersMistake()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => Ipv6Address.Read(new byte[15]));
        Assert.Throws<ArgumentOutOfRangeException>(() => default(Ipv6Address).Write(new byte[15]));
    }

    [Theory]
    [InlineData("fe80::1", true, false)]
    [InlineData("febf:ffff::", true, false)]
    [InlineData("fec0::", false, false)]
    [InlineData("fe7f:ffff::", false, false)]
    [InlineData("ff02::1", false, true)]
    [InlineData("ff00::", false, true)]
    [InlineData("feff::", false, false)]
    [InlineData("2001:db8::1", false, false)]
    public void Scope_PrefixEdges_AreThoseOfRfc4291(string text, bool linkLocal, bool multicast)
    {
        Ipv6Address address = Ipv6Address.Parse(text);
        Assert.Equal(linkLocal, address.IsLinkLocal);
        Assert.Equal(multicast, address.IsMulticast);
    }

    [Fact]
    public void Order_Addresses_IsThatOfTheirOctets()
    {
        Ipv6Address low = Ipv6Address.Parse("1::ffff"), high = Ipv6Address.Parse("8000::");
        Ipv6Address same = high;
        Assert.True(low < high && high > low && low <= high && high >= same && same <= high);
        Assert.False(high < same || high > same || high <= low || low >= high);
        Assert.Equal(-1, Math.Sign(low.CompareTo(high)));
        Assert.Equal(0, high.CompareTo(same));
    }
}
