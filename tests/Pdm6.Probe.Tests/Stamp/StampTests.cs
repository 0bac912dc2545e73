using System.Buffers.Binary;
using Pdm6.Probe.Native;
using Pdm6.Probe.Reflecting;
using Pdm6.Probe.Sessions;
using Pdm6.Probe.Stamp;
using Pdm6.Security;
using Pdm6.Wire;

namespace Pdm6.Probe.Tests.Stamp;

/// <summary>Sender and reflector against RFC 8762. Against another implementation: Pdm6.EndToEnd.Tests.</summary>
public sealed class StampTests : IDisposable
{
    private const ulong Now = 1_763_700_000_000_000_000;
    private readonly KeyFile _key = TestKey.Create();
    private readonly ReflectorCounters _counters = new();

    public void Dispose() => _key.Dispose();

    [Theory]
    [InlineData(false, 44)]
    [InlineData(true, 112)]
    public void Request_OfTheSmallestSize_IsLaidOutAsRfc8762Says(bool authenticated, int size)
    {
        using StampProtocol sender = Sender(authenticated, size);
        byte[] packet = Request(sender, 7, clockErrorNs: 1_000_000_000);
        int timestamp = authenticated ? 16 : 4;

        Assert.Equal(7u, BinaryPrimitives.ReadUInt32BigEndian(packet));
        Assert.Equal(StampTimestamp.Write(Now, StampTimestampFormat.Ntp), BinaryPrimitives.ReadUInt64BigEndian(packet.AsSpan(timestamp)));
        Assert.Equal(0x9980, BinaryPrimitives.ReadUInt16BigEndian(packet.AsSpan(timestamp + 8)));
        Assert.All(packet[4..timestamp], octet => Assert.Equal(0, octet));
        Assert.All(packet[(timestamp + 10)..(authenticated ? 96 : 44)], octet => Assert.Equal(0, octet));
    }

    [Theory]
    [InlineData(false, 44, false)]
    [InlineData(false, 200, true)]
    [InlineData(true, 112, true)]
    [InlineData(true, 300, false)]
    public void Reply_OfOurReflector_SaysWhatTheSenderNeeds(bool authenticated, int size, bool stateful)
    {
        using StampProtocol sender = Sender(authenticated, size, stateful);
        using StampReflection reflector = Reflector(authenticated, stateful, StampTimestampFormat.Ptp);
        Reflect(reflector, Request(sender, 3));
        byte[] reply = Reflect(reflector, Request(sender, 5));

        Assert.Equal(size, reply.Length);
        Assert.True(sender.TryReadReply(reply, out ReplyFacts facts));
        Assert.Equal((5u, stateful ? 1u : null), (facts.Index, facts.ReplyNumber));
        Assert.Equal((Now + 100, Now + 400, Now), (facts.RequestReceivedAtUnixNs, facts.ReplySentAtUnixNs, facts.EchoedSentAtUnixNs));
        Assert.Equal(4, facts.HopsThere);
        Assert.InRange(facts.ClockErrorNs!.Value, 50_000, 51_000);
    }

    [Fact]
    public void Request_LongerThanTheFixedPart_ComesBackAsLongWithItsOctets()
    {
        using StampProtocol sender = Sender(authenticated: false, 60);
        using StampReflection reflector = Reflector(authenticated: false);
        byte[] request = Request(sender, 0);
        request[44] = 0x80; // a TLV of RFC 8972 whose sender set "unrecognized"
        byte[] reply = Reflect(reflector, request);

        Assert.Equal(request[44..], reply[44..]);
    }

    [Fact]
    public void AuthenticatedRequest_WithAnyOctetChanged_IsNotAnswered()
    {
        using StampProtocol sender = Sender(authenticated: true, 112);
        using StampReflection reflector = Reflector(authenticated: true);
        for (int octet = 0; octet < 112; octet++)
        {
            byte[] request = Request(sender, (uint)octet);
            request[octet] ^= 4;
            Assert.Empty(Reflect(reflector, request));
        }

        Assert.Equal(112, _counters[ReflectorOutcome.AuthenticationFailed]);
    }

    [Fact]
    public void AuthenticatedReply_WithAnyOctetChanged_IsRefused()
    {
        using StampProtocol sender = Sender(authenticated: true, 112);
        using StampReflection reflector = Reflector(authenticated: true);
        byte[] reply = Reflect(reflector, Request(sender, 0));
        for (int octet = 0; octet < reply.Length; octet++)
        {
            reply[octet] ^= 1;
            Assert.False(sender.TryReadReply(reply, out _));
            reply[octet] ^= 1;
        }
        Assert.True(sender.TryReadReply(reply, out _));
    }

    [Theory]
    [InlineData(false, 43)]
    [InlineData(true, 111)]
    public void Request_TooShort_IsNotAnswered(bool authenticated, int size)
    {
        using StampReflection reflector = Reflector(authenticated);

        Assert.Empty(Reflect(reflector, new byte[size]));
        Assert.Equal(1, _counters[ReflectorOutcome.Malformed]);
    }

    [Fact]
    public void StatefulReflector_TwoSessions_NumbersEachByItself()
    {
        using StampProtocol sender = Sender(authenticated: false, 44, stateful: true);
        using StampReflection reflector = Reflector(authenticated: false, stateful: true);
        uint Number(ushort port)
        {
            Assert.True(sender.TryReadReply(Reflect(reflector, Request(sender, 9), port), out ReplyFacts facts));
            return facts.ReplyNumber!.Value;
        }

        Assert.Equal([0u, 1u, 0u, 2u], new[] { Number(1000), Number(1000), Number(1001), Number(1000) });
    }

    private StampProtocol Sender(bool authenticated, int size, bool stateful = false) =>
        new(Mode(authenticated), StampTimestampFormat.Ntp, size, stateful);

    private StampReflection Reflector(
        bool authenticated, bool stateful = false, StampTimestampFormat format = StampTimestampFormat.Ntp) =>
        new(Mode(authenticated), format, stateful, ReflectorLimits.Usual, _counters);

    private StampMode Mode(bool authenticated) => authenticated ? StampMode.Authenticated(_key) : StampMode.Unauthenticated();

    private static byte[] Request(StampProtocol sender, uint index, long? clockErrorNs = null)
    {
        byte[] packet = new byte[sender.RequestSize];
        sender.WriteRequest(new RequestFacts(index, Now, null, clockErrorNs, false), packet);
        return packet;
    }

    private static byte[] Reflect(StampReflection reflector, byte[] packet, ushort sourcePort = 40_000)
    {
        byte[] reply = new byte[reflector.LargestRequest];
        ReceivedDatagram datagram = new()
        {
            Payload = packet,
            Source = new Endpoint(Ipv6Address.Parse("2001:db8::1"), sourcePort),
            Destination = Ipv6Address.Parse("2001:db8::2"),
            HopLimit = 60,
            StampedAtUnixNs = Now + 100,
        };
        return reply[..reflector.Reflect(datagram, new ReflectorTime(Now + 300, 1, SendLagNs: 100, ErrorNs: 50_000), reply)];
    }
}
