using Pdm6.Wire;
using static Pdm6.Security.Tests.Sender;

namespace Pdm6.Security.Tests;

/// <summary>The opener on UDP options: the same contexts and keys, another carriage.</summary>
public sealed class OptionOpenerUdpOptionTests
{
    private const Carriages Both = Carriages.DestinationOptionV2 | Carriages.UdpOption;
    private static readonly PdmMetrics s_metrics = new(7, 42, new PdmTime(1, 2), new PdmTime(3, 4));

    [Theory]
    [InlineData(Suite.Aes128Gcm)]
    [InlineData(Suite.Aes256Gcm)]
    public void TryOpenUdpOption_RightEpoch_GivesContextEpochAndMetrics(Suite suite)
    {
        Sender sender = Announcing(Both, suite);
        using OptionOpener opener = OpenerOf(sender);
        FlowKey flow = sender.Flow("2001:db8::2");
        Assert.Equal(OpenResult.Opened, Open(opener, flow, sender.SealUdpOption(flow, 3, 9, s_metrics), out OpenedOption opened));
        Assert.Equal(
            new OpenedOption(
                sender.Announcement.ContextId, sender.Announcement.IncarnationId, 3, 103, 9, s_metrics),
            opened);
    }

    [Theory]
    [InlineData(Carriages.DestinationOptionV2, OpenResult.Opened, OpenResult.WrongEpoch)]
    [InlineData(Carriages.UdpOption, OpenResult.WrongEpoch, OpenResult.Opened)]
    [InlineData(Both, OpenResult.Opened, OpenResult.Opened)]
    public void TryOpen_CarriagesOfTheContext_OpensOnlyThose(
        Carriages announced, OpenResult destinationOption, OpenResult udpOption)
    {
        Sender sender = Announcing(announced);
        using OptionOpener opener = OpenerOf(sender);
        FlowKey flow = sender.Flow("2001:db8::2");
        byte[] option = sender.Seal(flow, 3, 9, s_metrics);
        Observation[] observations = [Observe(flow, option, Time)];
        OpenResult[] results = new OpenResult[1];
        opener.OpenBatch(observations, results, new OpenedOption[1]);
        Assert.Equal(destinationOption, results[0]);
        Assert.Equal(destinationOption, opener.TryOpen(flow, option, Time, out _));
        Assert.Equal(udpOption, Open(opener, flow, sender.SealUdpOption(flow, 3, 9, s_metrics), out _));
    }

    [Fact]
    public void OpenBatch_BothCarriagesMixed_OpensEachAsItsOwn()
    {
        Sender sender = Announcing(Both);
        using OptionOpener opener = OpenerOf(sender);
        FlowKey flow = sender.Flow("2001:db8::2");
        Observation[] observations = [.. Enumerable.Range(0, 50).Select(i => i % 3 == 0
            ? ObserveUdpOption(flow, sender.SealUdpOption(flow, 3, (uint)i, s_metrics))
            : Observe(flow, sender.Seal(flow, 3, (uint)i, s_metrics), Time))];
        observations[9] = observations[9] with { Carriage = ObservationCarriage.DestinationOption };
        observations[10] = observations[10] with { Carriage = ObservationCarriage.UdpOption };
        OpenResult[] results = new OpenResult[observations.Length];
        OpenedOption[] opened = new OpenedOption[observations.Length];

        opener.OpenBatch(observations, results, opened);

        for (int i = 0; i < observations.Length; i++)
        {
            if (i is 9 or 10)
                Assert.NotEqual(OpenResult.Opened, results[i]);
            else
                Assert.Equal((OpenResult.Opened, (uint)i, s_metrics), (results[i], opened[i].Psntp, opened[i].Metrics));
        }
    }

    [Theory]
    [InlineData(2)]
    [InlineData(8)]
    [InlineData(39)]
    public void TryOpen_UdpOptionObservedWithAnotherLength_IsMalformed(byte length)
    {
        Sender sender = Announcing(Both);
        using OptionOpener opener = OpenerOf(sender);
        FlowKey flow = sender.Flow("2001:db8::2");
        Observation cut = ObserveUdpOption(flow, sender.SealUdpOption(flow, 3, 9, s_metrics)) with { OptionLength = length };
        Assert.Equal(OpenResult.Malformed, opener.TryOpen(cut, out OpenedOption opened));
        Assert.Equal(default, opened);
    }

    // As the kernel programs keep it: from the ExID on.
    private static Observation ObserveUdpOption(FlowKey flow, byte[] surplus) =>
        Observe(flow, surplus.AsSpan(4), Time) with { Carriage = ObservationCarriage.UdpOption };

    [Theory]
    [InlineData(Suite.Aes128Gcm)]
    [InlineData(Suite.Aes256Gcm)]
    public void TryOpenUdpOption_AnyBitFlippedAndChecksumMended_NeverOpens(Suite suite)
    {
        Sender sender = Announcing(Both, suite);
        using OptionOpener opener = OpenerOf(sender);
        FlowKey flow = sender.Flow("2001:db8::2");
        byte[] surplus = sender.SealUdpOption(flow, 3, 9, s_metrics);
        int refusedByTag = 0;
        for (int bit = 0; bit < surplus.Length * 8; bit++)
        {
            byte[] flipped = [.. surplus];
            flipped[bit / 8] ^= (byte)(1 << bit % 8);
            Assert.Equal(UdpOptionReadStatus.Malformed, UdpOptionView.TryRead(flipped, false, UdpOption.DefaultExId, out _));
            if (bit < 16)
                continue; // the checksum itself
            UdpOption.WriteChecksum(flipped, startsAtOddOffset: false);
            if (UdpOptionView.TryRead(flipped, false, UdpOption.DefaultExId, out UdpOptionView view) != UdpOptionReadStatus.Ok)
                continue;
            OpenResult result = opener.TryOpenUdpOption(flow, view, Time, out OpenedOption opened);
            Assert.NotEqual(OpenResult.Opened, result);
            Assert.Equal(default, opened);
            refusedByTag += result == OpenResult.AuthenticationFailed ? 1 : 0;
        }
        // Kind, length, ExID, version and epoch are refused before; PSNTP, ciphertext and tag meet the tag.
        Assert.Equal((4 + 16 + 16) * 8, refusedByTag);
    }

    [Fact]
    public void TryOpenUdpOption_SealedForTheOtherCarriage_FailsAuthentication()
    {
        // The octets that both carriages share, under the other's nonce.
        Sender sender = Announcing(Both);
        using OptionOpener opener = OpenerOf(sender);
        FlowKey flow = sender.Flow("2001:db8::2");
        byte[] option = sender.Seal(flow, 3, 9, s_metrics);
        byte[] associatedData = new byte[UdpOption.AssociatedDataSize], surplus = new byte[UdpOption.ProtectedSurplusSize];
        UdpOption.WriteAssociatedData(associatedData, isProtected: true, UdpOption.DefaultExId, 103, 9);
        UdpOption.WriteProtected(surplus, false, associatedData, option.AsSpan(8, 16), option.AsSpan(24, 16));
        Assert.Equal(OpenResult.AuthenticationFailed, Open(opener, flow, surplus, out _));
    }

    [Fact]
    public void TryOpenUdpOption_NotSealedOrUnknown_SaysWhat()
    {
        Sender sender = Announcing(Both);
        using OptionOpener opener = OpenerOf(sender);
        FlowKey flow = sender.Flow("2001:db8::2");
        byte[] clear = new byte[UdpOption.ClearSurplusSize];
        UdpOption.WriteClear(clear, startsAtOddOffset: false, 9, s_metrics);
        Assert.Equal(OpenResult.Clear, Open(opener, flow, clear, out _));
        FlowKey stranger = flow with { Source = Ipv6Address.Parse("2001:db8::99") };
        Assert.Equal(OpenResult.NoKey, Open(opener, stranger, sender.SealUdpOption(stranger, 3, 9, s_metrics), out _));
        Assert.Throws<ArgumentException>(() => opener.TryOpenUdpOption(flow, default, Time, out _));
        opener.Dispose();
        Assert.Throws<ObjectDisposedException>(() => opener.TryOpenUdpOption(flow, default, Time, out _));
    }

    [Fact]
    public void TryOpenUdpOption_AnnouncedExId_IsTheOneThatOpens()
    {
        const ushort ExId = 0x1234;
        Sender sender = Announcing(Both), other = new("2001:db8::1")
        {
            Announcement = sender.Announcement with { ExId = ExId },
        };
        sender.BaseSecret.CopyTo(other.BaseSecret, 0);
        FlowKey flow = sender.Flow("2001:db8::2");
        foreach ((Sender announced, Sender sealing, OpenResult expected) in new[]
                 {
                     (sender, sender, OpenResult.Opened), (other, other, OpenResult.Opened),
                     // Authentic, of a sender that says that its options are others.
                     (sender, other, OpenResult.WrongEpoch), (other, sender, OpenResult.WrongEpoch),
                 })
        {
            using OptionOpener opener = OpenerOf(announced);
            byte[] surplus = sealing.SealUdpOption(flow, 3, 9, s_metrics);
            Assert.Equal(
                UdpOptionReadStatus.Ok,
                UdpOptionView.TryRead(surplus, startsAtOddOffset: false, sealing.Announcement.ExId, out UdpOptionView view));
            Assert.Equal(expected, opener.TryOpenUdpOption(flow, view, Time, out _));
            // The ExID is nothing to destination options.
            Assert.Equal(OpenResult.Opened, opener.TryOpen(flow, sealing.Seal(flow, 3, 9, s_metrics), Time, out _));
        }
    }

    [Fact]
    public void TryOpenUdpOption_KeyKnown_AllocatesNothing()
    {
        Sender sender = Announcing(Both);
        using OptionOpener opener = OpenerOf(sender);
        FlowKey flow = sender.Flow("2001:db8::2");
        byte[] surplus = sender.SealUdpOption(flow, 3, 9, s_metrics);
        OpenResult result = default;
        Assert.Equal(0, Allocations.Of(_ =>
        {
            UdpOptionView.TryRead(surplus, startsAtOddOffset: false, UdpOption.DefaultExId, out UdpOptionView view);
            result = opener.TryOpenUdpOption(flow, view, Time, out OpenedOption _);
        }));
        Assert.Equal(OpenResult.Opened, result);
    }

    private static ulong Time => Start + 3 * 60 * Second + 30 * Second; // in the middle of epoch 103

    private static OpenResult Open(OptionOpener opener, FlowKey flow, byte[] surplus, out OpenedOption opened)
    {
        Assert.Equal(
            UdpOptionReadStatus.Ok,
            UdpOptionView.TryRead(surplus, startsAtOddOffset: false, UdpOption.DefaultExId, out UdpOptionView view));
        return opener.TryOpenUdpOption(flow, view, Time, out opened);
    }

    private static Sender Announcing(Carriages carriages, Suite suite = Suite.Aes256Gcm) => new("2001:db8::1")
    {
        Announcement = new Sender("2001:db8::1").Announcement with { Carriages = carriages, Suite = suite },
    };

    private static OptionOpener OpenerOf(Sender sender)
    {
        OptionOpener opener = new(OpenerMode.Live);
        Assert.Equal(AddContextResult.Added, opener.Add(sender.Announcement, sender.BaseSecret));
        return opener;
    }
}
