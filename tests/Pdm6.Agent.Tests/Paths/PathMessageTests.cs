using Pdm6.Agent.Paths;
using Pdm6.Security;
using Pdm6.Wire;

namespace Pdm6.Agent.Tests.Paths;

public class PathMessageTests
{
    private static readonly PathPackets s_packets = new(0x1e, 0x1234);
    private static readonly byte[] s_key = [.. Enumerable.Range(0, 32).Select(i => (byte)i)];
    private static readonly byte[] s_nonce = [.. Enumerable.Range(100, 16).Select(i => (byte)i)];
    private static readonly ContextId s_context = ContextId.NewRandom();
    private static readonly Ipv6Address s_source = Ipv6Address.Parse("2001:db8::1"), s_destination = Ipv6Address.Parse("2001:db8::2");

    [Fact]
    public void Request_Read_SaysWhatWasAsked()
    {
        byte[] request = PathMessage.Request(s_context, s_nonce, PathForm.Header48, PathForm.UdpOption, s_key);

        Assert.True(PathMessage.TryReadRequest(request, out ContextId context, out PathForm answerForm));
        Assert.Equal((s_context, PathForm.UdpOption), (context, answerForm));
        Assert.True(PathMessage.IsAuthentic(request, s_key));
    }

    [Fact]
    public void Answer_Read_NamesTheQuestion()
    {
        byte[] answer = PathMessage.Answer(PathMessage.Request(s_context, s_nonce, PathForm.Header16, PathForm.Plain, s_key), s_key);

        Assert.True(PathMessage.TryReadAnswer(answer, out UInt128 nonce, out PathForm form));
        Assert.Equal((PathMessage.NonceOf(s_nonce), PathForm.Header16), (nonce, form));
        Assert.True(PathMessage.IsAuthentic(answer, s_key));
    }

    [Fact]
    public void IsAuthentic_AnyBitTurned_IsFalse()
    {
        byte[] request = PathMessage.Request(s_context, s_nonce, PathForm.Plain, PathForm.Plain, s_key);
        for (int bit = 0; bit < request.Length * 8; bit++)
        {
            byte[] turned = [.. request];
            turned[bit / 8] ^= (byte)(1 << bit % 8);
            Assert.False(PathMessage.IsAuthentic(turned, s_key), $"bit {bit}");
        }
    }

    [Fact]
    public void Answer_InItsLargestForm_IsShorterThanAnyRequest()
    {
        byte[] request = PathMessage.Request(s_context, s_nonce, PathForm.Plain, PathForm.Header56, s_key);
        byte[] asked = s_packets.Make(s_source, s_destination, PathForm.Plain, request);

        Assert.All(PathForms.All, form => Assert.True(
            s_packets.Make(s_destination, s_source, form, PathMessage.Answer(request, s_key)).Length < asked.Length));
    }

    [Fact]
    public void TryRead_HostileOctets_NeverThrows()
    {
        Random random = new(1);
        byte[] request = PathMessage.Request(s_context, s_nonce, PathForm.Plain, PathForm.Plain, s_key);
        for (int i = 0; i < 20_000; i++)
        {
            byte[] octets = random.Next(2) == 0 ? [.. request[..random.Next(request.Length + 1)]] : new byte[random.Next(200)];
            if (octets.Length > 0)
                octets[random.Next(octets.Length)] = (byte)random.Next(256);
            PathMessage.TryReadRequest(octets, out _, out _);
            PathMessage.TryReadAnswer(octets, out _, out _);
        }
        request[41] = 7; // no such form
        Assert.False(PathMessage.TryReadRequest(request, out _, out _));
    }

    [Theory]
    [InlineData(PathForm.Plain, 0, 0)]
    [InlineData(PathForm.Header16, 16, 0)]
    [InlineData(PathForm.Header32, 32, 0)]
    [InlineData(PathForm.Header48, 48, 0)]
    [InlineData(PathForm.Header56, 56, 0)]
    [InlineData(PathForm.UdpOptionClear, 0, 28)]
    [InlineData(PathForm.UdpOption, 0, 44)]
    public void Make_EachForm_IsAWholePacketWithARightChecksum(PathForm form, int headerOctets, int surplusOctets)
    {
        byte[] packet = s_packets.Make(s_source, s_destination, form, new byte[128]);

        Assert.True(Ipv6PacketView.TryRead(packet, out Ipv6PacketView view));
        Assert.True(view.IsWhole);
        Assert.Equal(NextHeader.Udp, view.UpperProtocol);
        Assert.Equal(40 + headerOctets + 8 + 128 + surplusOctets, packet.Length);
        Assert.True(InternetChecksum.TryVerify(view, out bool isRight) && isRight);
        Assert.Equal(surplusOctets > 0, UdpSurplus.TryFind(view, out UdpSurplus surplus));
        Assert.Equal(surplusOctets, surplus.Octets.Length);
        if (surplusOctets > 0)
            Assert.Equal([0x12, 0x34], surplus.Octets[4..6].ToArray()); // the ExID, behind checksum, kind and length
    }
}
