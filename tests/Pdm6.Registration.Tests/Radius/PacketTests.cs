using Pdm6.Registration.Radius;
using Pdm6.Registration.Radius.Packets;
using Pdm6.Wire;

namespace Pdm6.Registration.Tests.Radius;

public class PacketTests
{
    private const string Zeros = "00000000000000000000000000000000";

    [Theory]
    [InlineData("", false)]
    [InlineData("02000014" + Zeros, true)]
    [InlineData("02000014" + Zeros + "ffff", true)]
    [InlineData("02000013" + Zeros, false)]
    [InlineData("02000015" + Zeros, false)]
    [InlineData("02000015" + Zeros + "01", false)]
    [InlineData("02000016" + Zeros + "0102", true)]
    [InlineData("02000016" + Zeros + "0101", false)]
    [InlineData("02000016" + Zeros + "0100", false)]
    [InlineData("02000016" + Zeros + "0103", false)]
    [InlineData("02000016" + Zeros + "0103ff", false)]
    [InlineData("02000026" + Zeros + "5012" + Zeros, true)]
    [InlineData("02000025" + Zeros + "5011000000000000000000000000000000", false)]
    [InlineData("02000038" + Zeros + "5012" + Zeros + "5012" + Zeros, false)]
    public void TryRead_AtTheEdges_TakesWhatIsWellFormed(string octets, bool isPacket) =>
        Assert.Equal(isPacket, RadiusPacketView.TryRead(Convert.FromHexString(octets), out _));

    [Fact]
    public void TryRead_LongestPacketAndOneOctetMore_TakesTheFirst()
    {
        byte[] datagram = [2, 0, 0x10, 0, .. new byte[5000]];
        for (int offset = 20; offset < 4096; offset += datagram[offset + 1])
            datagram[offset + 1] = (byte)Math.Min(255, 4096 - offset);
        Assert.True(RadiusPacketView.TryRead(datagram, out RadiusPacketView view));
        Assert.Equal(4096, view.Octets.Length);

        datagram[3] = 1;

        Assert.False(RadiusPacketView.TryRead(datagram, out _));
    }

    [Theory]
    [InlineData("", null)]
    [InlineData("00", null)]
    [InlineData("0000", "::/0")]
    [InlineData("ff00", "::/0")]
    [InlineData("002020010db8", "2001:db8::/32")]
    [InlineData("002020010db80000", "2001:db8::/32")]
    [InlineData("002020010db80001", null)]
    [InlineData("002120010db8", null)]
    [InlineData("002120010db880", "2001:db8:8000::/33")]
    [InlineData("002120010db840", null)]
    [InlineData("008020010db8000000000000000000000001", "2001:db8::1/128")]
    [InlineData("008120010db8000000000000000000000001", null)]
    [InlineData("008020010db800000000000000000000000100", null)]
    public void PrefixValue_AtTheEdges_IsAPrefixOrNone(string value, string? prefix)
    {
        bool isPrefix = PrefixValue.TryRead(Convert.FromHexString(value), out Ipv6Prefix read);

        Assert.Equal(prefix, isPrefix ? read.ToString() : null);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(129)]
    public void Hide_PasswordThatRadiusCannotCarry_IsTheCallersMistake(int size)
    {
        using RadiusSecret secret = RadiusSecret.Of(TestPacket.Secret);

        Assert.Throws<ArgumentOutOfRangeException>(
            () => PasswordHiding.Hide(new byte[size], secret, new byte[16], new byte[PasswordHiding.LargestPassword]));
    }

    [Fact]
    public void Add_MoreThanThereIsRoomFor_IsTheCallersMistake() => Assert.Throws<ArgumentOutOfRangeException>(() =>
    {
        RadiusPacketWriter writer = new(new byte[40], RadiusCode.AccessRequest, 1, new byte[16]);
        writer.Add(RadiusAttributeType.UserName, "x");
    });

    [Fact]
    public void Add_AValueTooLongForAnAttribute_IsTheCallersMistake() => Assert.Throws<ArgumentOutOfRangeException>(() =>
    {
        RadiusPacketWriter writer = new(new byte[4096], RadiusCode.AccessRequest, 1, new byte[16]);
        writer.Add(RadiusAttributeType.UserName, new byte[254]);
    });
}
