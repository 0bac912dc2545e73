using Pdm6.Security.Frames;
using Pdm6.Wire;
using static Pdm6.Security.Tests.Sender;

namespace Pdm6.Security.Tests;

/// <summary>The opener on udp-frames that a kernel made and another observed.</summary>
public sealed class OptionOpenerFrameTests
{
    private const long EpochIndex = 3;
    private const uint Number = 9;
    private const ulong Time = Start + (EpochIndex * 60 + 30) * Second;
    private static readonly PdmMetrics s_metrics = new(7, 42, new PdmTime(1, 2), new PdmTime(3, 4));

    private readonly Sender _sender = new("2001:db8::1");
    private readonly FlowKey _flow;

    public OptionOpenerFrameTests() => _flow = _sender.Flow("2001:db8::2");

    [Fact]
    public void TryOpen_ObservedFrame_GivesWhatAnOptionGives()
    {
        using OptionOpener opener = Opener();

        Assert.Equal(OpenResult.Opened, opener.TryOpen(ObserveFrame(_flow, Seal(PdmTlv())), out OpenedOption opened));

        Assert.Equal(
            new OpenedOption(
                _sender.Announcement.ContextId, _sender.Announcement.IncarnationId, EpochIndex,
                _sender.Announcement.Timetable.EpochOf(EpochIndex), Number, s_metrics),
            opened);
    }

    [Fact]
    public void TryOpen_FrameOfAnUnknownSource_HasNoKey()
    {
        using OptionOpener opener = Opener();
        FlowKey stranger = _flow with { Source = Ipv6Address.Parse("2001:db8::99") };

        Assert.Equal(OpenResult.NoKey, opener.TryOpen(ObserveFrame(stranger, Seal(PdmTlv())), out _));
    }

    // What stands in the clear, in this order: version, flags, key id, sequence.
    [Theory]
    [InlineData(0, 3, OpenResult.UnknownVersion)]
    [InlineData(1, (byte)UdpFrameFlags.Encrypted, OpenResult.NoKey)]
    [InlineData(7, 77, OpenResult.AuthenticationFailed)]
    [InlineData(31, 77, OpenResult.Malformed)]
    public void TryOpen_FrameWithAnotherOctet_SaysWhatIsWrong(int at, byte octet, OpenResult expected)
    {
        using OptionOpener opener = Opener();
        byte[] frame = Seal(PdmTlv());
        frame[at] = octet;

        Assert.Equal(expected, opener.TryOpen(ObserveFrame(_flow, frame), out OpenedOption opened));
        Assert.Equal(default, opened);
    }

    [Fact]
    public void TryOpen_FrameInClear_SaysSo()
    {
        using OptionOpener opener = Opener();
        byte[] frame = [.. new byte[UdpFrame.HeaderSize], .. PdmTlv()];
        new UdpFrameHeader(default, 0, Number, Time / 1_000).Write(frame);

        Assert.Equal(OpenResult.Clear, opener.TryOpen(ObserveFrame(_flow, frame), out _));
    }

    [Fact]
    public void TryOpen_AuthenticFrameWithoutMetrics_IsMalformed()
    {
        byte[] padding = new byte[Tlv.HeaderSize + PdmMetrics.Size];
        (padding[1], padding[3]) = ((byte)TlvType.Padding, PdmMetrics.Size);
        byte[] shorterMetrics = PdmTlv()[..^1];
        shorterMetrics[3]--;
        using OptionOpener opener = Opener();

        foreach (byte[] tlvs in new[] { [], padding, shorterMetrics })
        {
            Assert.Equal(OpenResult.Malformed, opener.TryOpen(ObserveFrame(_flow, Seal(tlvs)), out OpenedOption opened));
            Assert.Equal(default, opened);
        }
    }

    [Fact]
    public void TryOpen_FrameInTheWrongEpochsTime_HasNoKey()
    {
        using OptionOpener opener = Opener();
        Observation late = ObserveFrame(_flow, Seal(PdmTlv())) with { ObservedAtNs = Time + 600 * Second };

        Assert.Equal(OpenResult.NoKey, opener.TryOpen(late, out _));
    }

    [Fact]
    public void TryOpen_ObservedOptions_OpensThemAsTheirCarriage()
    {
        using OptionOpener opener = Opener();
        byte[] option = _sender.Seal(_flow, EpochIndex, Number, s_metrics);

        Assert.Equal(OpenResult.Opened, opener.TryOpen(Observe(_flow, option, Time), out _));
        Assert.Equal(OpenResult.UnknownVersion, opener.TryOpen(ObserveFrame(_flow, option), out _));
    }

    [Fact]
    public void TryOpen_ObservedUdpOptionOfAnotherVersion_IsUnknown()
    {
        using OptionOpener opener = Opener();
        // As the kernel programs keep it: from the ExID on, so the version follows that.
        byte[] option = _sender.SealUdpOption(_flow, EpochIndex, Number, s_metrics)[4..];
        option[2] ^= 0x40;
        Observation observed = Observe(_flow, option, Time) with { Carriage = ObservationCarriage.UdpOption };

        Assert.Equal(OpenResult.UnknownVersion, opener.TryOpen(observed, out _));
    }

    private static Observation ObserveFrame(in FlowKey flow, byte[] frame) =>
        Observe(flow, frame, Time) with { Carriage = ObservationCarriage.UdpFrame };

    private static byte[] PdmTlv()
    {
        byte[] tlv = new byte[Tlv.HeaderSize + PdmMetrics.Size];
        (tlv[1], tlv[3]) = ((byte)TlvType.Pdm, PdmMetrics.Size);
        s_metrics.Write(tlv.AsSpan(Tlv.HeaderSize));
        return tlv;
    }

    private byte[] Seal(byte[] tlvs)
    {
        ushort epoch = _sender.Announcement.Timetable.EpochOf(EpochIndex);
        byte[] pairSecret = new byte[KeyDerivation.SecretSize], frame = new byte[UdpFrame.SealedOverhead + tlvs.Length];
        KeyDerivation.PairSecret(_sender.BaseSecret, _flow.Source, _flow.Destination, pairSecret);
        using UnsafeExplicitNonceFrames frames = UnsafeExplicitNonceFrames.FromPairSecret(pairSecret, Suite.Aes256Gcm, epoch);
        UdpFrameHeader header = new(UdpFrameFlags.Encrypted | UdpFrameFlags.KeyId, epoch, Number, Time / 1_000);
        frames.Seal(header, new byte[UdpFrame.NonceSize], tlvs, frame);
        return frame;
    }

    private OptionOpener Opener()
    {
        OptionOpener opener = new(OpenerMode.Live);
        opener.Add(_sender.Announcement, _sender.BaseSecret);
        return opener;
    }
}
