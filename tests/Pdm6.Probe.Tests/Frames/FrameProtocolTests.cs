using Pdm6.Probe.Frames;
using Pdm6.Probe.Sessions;
using Pdm6.Probe.Tests.Reflecting;
using Pdm6.Security;
using Pdm6.Wire;

namespace Pdm6.Probe.Tests.Frames;

public class FrameProtocolTests
{
    [Theory]
    [InlineData(FrameSizes.SmallestRequest, FrameSizes.SmallestRequest)]
    [InlineData(FrameSizes.SmallestRequest + 1, FrameSizes.SmallestRequest)] // padding takes 4 octets or none
    [InlineData(FrameSizes.SmallestRequest + 4, FrameSizes.SmallestRequest + 4)]
    [InlineData(FrameSizes.Largest, FrameSizes.Largest)]
    public void Request_OfAnySize_IsExactlyThatLargeAndSoIsItsReply(int size, int replySize)
    {
        using ReflectedPath path = new();
        using FrameProtocol prober = path.Prober(size);
        byte[] request = path.Request(prober, 0, closing: true, lastRoundTripNs: 5);

        Assert.Equal(size, request.Length);
        Assert.Equal(replySize, path.Reflect(request).Length);
    }

    [Fact]
    public void Reply_RecordedInAnEarlierRun_AnswersNothingLater()
    {
        using ReflectedPath path = new();
        using FrameProtocol earlier = path.Prober(), later = path.Prober();
        byte[] recorded = [.. path.Reflect(path.Request(earlier, 0))];
        path.Request(later, 0);

        Assert.True(earlier.TryReadReply(recorded, out _));
        Assert.False(later.TryReadReply(recorded, out _));
    }

    [Fact]
    public void Reply_WhoseReportNamesAnotherRequest_IsRefused()
    {
        using ReflectedPath path = new();
        using FrameProtocol prober = path.Prober();
        using FrameSealer reflector = path.Sealer();
        byte[] request = path.Request(prober, 0), second = path.Request(prober, 1);
        Assert.Equal(UdpFrameReadStatus.Ok, UdpFrameView.TryRead(request, out UdpFrameView frame));
        byte[] tlvs = new byte[Tlv.HeaderSize + ReplyReport.Size], report = new byte[ReplyReport.Size];
        new ReplyReport
        {
            RequestNonce = second.AsSpan(UdpFrame.HeaderSize, UdpFrame.NonceSize),
            Counts = default,
            ReplyNumber = 1,
            ClockErrorNs = null,
        }.Write(report);
        new TlvWriter(tlvs).TryWrite(TlvType.Custom, report);

        Assert.False(prober.TryReadReply(path.Frame(reflector, UdpFrameFlags.None, frame.Header.Sequence, tlvs), out _));
        Assert.True(prober.TryReadReply(path.Frame(reflector, UdpFrameFlags.None, frame.Header.Sequence + 1, tlvs), out _));
    }

    [Fact]
    public void Reply_OfAReflectorWithoutReport_IsBoundByItsNumber()
    {
        using ReflectedPath path = new();
        using FrameProtocol prober = path.Prober();
        using FrameSealer reflector = path.Sealer();
        Assert.Equal(UdpFrameReadStatus.Ok, UdpFrameView.TryRead(path.Request(prober, 0), out UdpFrameView frame));
        byte[] other = [0, 100, 0, 3, 1, 2, 3]; // CUSTOM of another maker

        Assert.True(prober.TryReadReply(path.Frame(reflector, UdpFrameFlags.None, frame.Header.Sequence, other), out ReplyFacts facts));
        Assert.Equal((0u, (uint?)null, (ReflectorCounts?)null), (facts.Index, facts.ReplyNumber, facts.Counts));
    }

    [Fact]
    public void Request_SentBackToItsProber_IsNoReply()
    {
        using ReflectedPath path = new();
        using FrameProtocol prober = path.Prober();

        Assert.False(prober.TryReadReply(path.Request(prober, 0), out _));
    }

    [Fact]
    public void Reply_WithAnyOctetChanged_IsRefused()
    {
        using ReflectedPath path = new();
        using FrameProtocol prober = path.Prober();
        byte[] reply = [.. path.Reflect(path.Request(prober, 0))];
        for (int octet = 0; octet < reply.Length; octet++)
        {
            reply[octet] ^= 0x80;
            Assert.False(prober.TryReadReply(reply, out _));
            reply[octet] ^= 0x80;
        }
        Assert.True(prober.TryReadReply(reply, out _));
    }
}
