namespace Pdm6.Wire.Tests;

public class Ipv6PrefixTests
{
    [Theory]
    [InlineData("::/0", "::", 0)]
    [InlineData("2001:db8::/32", "2001:db8::", 32)]
    [InlineData("2001:db8::1", "2001:db8::1", 128)]
    [InlineData("ff00::/8", "ff00::", 8)]
    public void TryParse_WellFormed_ReadsAddressAndLength(string text, string address, int length)
    {
        Assert.True(Ipv6Prefix.TryParse(text, out Ipv6Prefix prefix));
        Assert.Equal(Ipv6Address.Parse(address), prefix.Address);
        Assert.Equal(length, prefix.Length);
    }

    [Theory]
    [InlineData("")]
    [InlineData("/64")]
    [InlineData("::/129")]
    [InlineData("::/-1")]
    [InlineData("::/")]
    [InlineData("::/ 1")]
    [InlineData("192.0.2.0/24")]
    [InlineData("2001:db8::1/64")] // bits behind the length: probably a slip
    public void TryParse_Malformed_IsRefused(string text) => Assert.False(Ipv6Prefix.TryParse(text, out _));

    [Theory]
    [InlineData("::/0", "2001:db8::/32", true)]
    [InlineData("2001:db8::/32", "2001:db8::/32", true)]
    [InlineData("2001:db8::/32", "2001:db8:ffff::/48", true)]
    [InlineData("2001:db8::/32", "2001:db9::/48", false)]
    [InlineData("2001:db8::/48", "2001:db8::/32", false)]
    [InlineData("2001:db8::1/128", "2001:db8::1/128", true)]
    public void Contains_Prefix_ComparesLeadingBits(string outer, string inner, bool expected)
    {
        Assert.True(Ipv6Prefix.TryParse(outer, out Ipv6Prefix a) & Ipv6Prefix.TryParse(inner, out Ipv6Prefix b));
        Assert.Equal(expected, a.Contains(b));
    }
}
