using Pdm6.Wire;

namespace Pdm6.Security.Tests.Guarded;

/// <summary>What a forger makes us do: where the processor's instructions do the work, a wrong tag allocates nothing.</summary>
public sealed class ForgeryCostTests
{
    private static readonly PdmMetrics s_metrics = new(1, 2, PdmTime.FromNanoseconds(3), PdmTime.FromNanoseconds(4));
    private static readonly ulong s_time = Sender.Start + 30 * Sender.Second;

    private readonly Sender _sender = new("2001:db8::1");

    [AcceleratedTheory]
    [InlineData(16)]
    [InlineData(2000)]
    public void FrameOpener_ForgedFrame_AllocatesNothing(int tlvsSize)
    {
        using TemporaryKeyFile key = new();
        using FrameSealer sealer = FrameSealer.FromKeyFile(key.File);
        using FrameOpener opener = FrameOpener.FromKeyFile(key.File);
        byte[] tlvs = new byte[tlvsSize], frame = new byte[UdpFrame.SealedOverhead + tlvsSize];
        Assert.True(new TlvWriter(tlvs).TryWrite(TlvType.Padding, new byte[tlvsSize - Tlv.HeaderSize]));
        Assert.True(sealer.TrySeal(default, tlvs, frame, out _));
        frame[^1] ^= 1;
        AssertCosts(FrameOpenResult.AuthenticationFailed, () => opener.TryOpen(frame, tlvs, out _, out _));
    }

    [AcceleratedTheory]
    [InlineData(Carriage.DestinationOptionV2)]
    [InlineData(Carriage.UdpOption)]
    public void PairOpener_ForgedOption_AllocatesNothing(Carriage carriage)
    {
        using PairOpener opener = PairOpener.FromPairSecret(new byte[KeyDerivation.SecretSize], Suite.Aes256Gcm, 5);
        byte[] associatedData = new byte[carriage == Carriage.UdpOption ? 10 : 8], block = new byte[PdmMetrics.Size], tag = new byte[16];
        FlowKey flow = _sender.Flow("2001:db8::2");
        AssertCosts(false, () => opener.TryOpen(
            flow, carriage, 1, associatedData, block, tag, block));
    }

    [AcceleratedTheory]
    [InlineData(1)]
    [InlineData(64)]
    public void OptionOpener_ForgedOptions_AllocateNothing(int count)
    {
        using OptionOpener opener = NewOpener(_sender.Announcement);
        FlowKey flow = _sender.Flow("2001:db8::2");
        byte[] option = _sender.Seal(flow, 0, 1, s_metrics);
        option[^1] ^= 1;
        Observation[] observations = [.. Enumerable.Repeat(Sender.Observe(flow, option, s_time), count)];
        OpenResult[] results = new OpenResult[count];
        OpenedOption[] opened = new OpenedOption[count];
        AssertCosts(OpenResult.AuthenticationFailed, () =>
        {
            opener.OpenBatch(observations, results, opened);
            OpenResult alone = opener.TryOpen(flow, option, s_time, out _);
            return results.AsSpan().ContainsAnyExcept(alone) ? OpenResult.Opened : alone;
        });
    }

    [AcceleratedTheory]
    [InlineData(false)]
    [InlineData(true)]
    public void OptionOpener_ForgedUdpOption_AllocatesNothing(bool startsAtOddOffset)
    {
        using OptionOpener opener = NewOpener(_sender.Announcement with { Carriages = Carriages.UdpOption });
        FlowKey flow = _sender.Flow("2001:db8::2");
        byte[] surplus = new byte[UdpOption.ProtectedSurplusSize + (startsAtOddOffset ? 1 : 0)];
        byte[] associatedData = new byte[UdpOption.AssociatedDataSize];
        UdpOption.WriteAssociatedData(associatedData, isProtected: true, UdpOption.DefaultExId, 100, 1);
        UdpOption.WriteProtected(surplus, startsAtOddOffset, associatedData, new byte[16], new byte[16]);
        AssertCosts(OpenResult.AuthenticationFailed, () =>
        {
            UdpOptionView.TryRead(surplus, startsAtOddOffset, UdpOption.DefaultExId, out UdpOptionView view);
            return opener.TryOpenUdpOption(flow, view, s_time, out _);
        });
    }

    private static void AssertCosts<T>(T refused, Func<T> open)
        where T : struct
    {
        T result = default;
        Assert.Equal(0, Allocations.Of(_ => result = open()));
        Assert.Equal(refused, result);
    }

    private OptionOpener NewOpener(Announcement announcement)
    {
        OptionOpener opener = new(OpenerMode.Live);
        Assert.Equal(AddContextResult.Added, opener.Add(announcement, _sender.BaseSecret));
        return opener;
    }
}
