using Pdm6.Wire;

namespace Pdm6.Datapath.Tests.Policy;

public class DestinationFilterTests
{
    private static readonly string[] s_prefixes = ["2001:db8::/32", "2001:db8:5::/48", "fd00:1:2:3::/64", "2001:db7:8000::/33"];

    [Theory]
    [InlineData("2001:db8::1", true)]
    [InlineData("2001:db8:ffff:ffff:ffff:ffff:ffff:ffff", true)]
    [InlineData("fd00:1:2:3::9", true)]
    [InlineData("fd00:1:9::1", true)] // the shortest prefix has 32 bits: no more are looked at
    [InlineData("2001:db9::1", false)]
    [InlineData("fd00:2::1", false)]
    [InlineData("::", false)]
    public void MayHave_PrefixesOf32BitsAndMore_TellsByTheFirst32(string destination, bool expected) =>
        Assert.Equal(expected, Filter(s_prefixes).MayHave(Ipv6Address.Parse(destination)));

    [Theory]
    [InlineData("::/0")]
    [InlineData("2001:db8::1/128", "::/0")]
    public void MayHave_ARuleForEveryDestination_AlwaysYes(params string[] prefixes)
    {
        DestinationFilter filter = Filter(prefixes);

        Assert.All(["::", "2001:db8::1", "fe80::1", "ffff::"], text => Assert.True(filter.MayHave(Ipv6Address.Parse(text))));
    }

    [Fact]
    public void MayHave_LongPrefixes_TellsByTheFirst64()
    {
        DestinationFilter filter = Filter("2001:db8::1/128", "2001:db8:0:1::/127");

        Assert.Equal(0, filter.Shift);
        Assert.True(filter.MayHave(Ipv6Address.Parse("2001:db8::2")));
        Assert.False(filter.MayHave(Ipv6Address.Parse("2001:db8:0:2::1")));
    }

    [Fact]
    public void MayHave_PrefixesOfNoRule_DoNotCount()
    {
        DestinationFilter filter = new(new Dictionary<Ipv6Prefix, uint>
        {
            [Prefix("::/0")] = 0, // excepted everywhere but ...
            [Prefix("2001:db8::/32")] = 1,
        });

        Assert.True(filter.MayHave(Ipv6Address.Parse("2001:db8::1")));
        Assert.False(filter.MayHave(Ipv6Address.Parse("2001:db9::1")));
    }

    [Fact]
    public void MayHave_RandomPrefixes_NeverDeniesWhatTheyContain()
    {
        Random random = new(20260722);
        for (int round = 0; round < 200; round++)
        {
            Ipv6Prefix[] prefixes = [.. Enumerable.Range(0, 20).Select(_ => new Ipv6Prefix(Address(), random.Next(1, 129)))];
            DestinationFilter filter = new(prefixes.Distinct().ToDictionary(prefix => prefix, _ => 1u));

            foreach (Ipv6Prefix prefix in prefixes)
            {
                UInt128 inside = prefix.Length == 128 ? 0 : Address().Value >> prefix.Length;
                Assert.True(filter.MayHave(new Ipv6Address(prefix.Address.Value | inside)));
            }
        }

        Ipv6Address Address()
        {
            byte[] octets = new byte[Ipv6Address.Size];
            random.NextBytes(octets);
            return Ipv6Address.Read(octets);
        }
    }

    private static DestinationFilter Filter(params string[] prefixes) => new(prefixes.ToDictionary(Prefix, _ => 1u));

    private static Ipv6Prefix Prefix(string text) => Ipv6Prefix.TryParse(text, out Ipv6Prefix prefix) ? prefix : throw new FormatException(text);
}
