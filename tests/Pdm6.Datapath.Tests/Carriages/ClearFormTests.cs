using System.Buffers.Binary;
using Pdm6.Wire;

namespace Pdm6.Datapath.Tests.Carriages;

/// <summary>What options in clear say when they leave, and what they may do when they arrive.</summary>
public class ClearFormTests
{
    private const int OptionOffset = HeaderChain.LinkHeaderSize + HeaderChain.FixedSize + 2;

    public static TheoryData<PacketCarriage> ClearCarriages => [PacketCarriage.DestoptV2Clear, PacketCarriage.DestoptV1];

    [KernelFact]
    public void Send_AsPdmv1_SaysWhatItsReaderReads()
    {
        using CarryingDatapath datapath = new(PacketCarriage.DestoptV1, acceptClearOptions: true);
        Pdmv1Option first = ReadV1(datapath.Send(Request()));
        datapath.Receive(Reply(new Pdmv1Option(0xfffe, first.Psntp, default, default)));

        Pdmv1Option second = ReadV1(datapath.Send(Request()));

        Assert.Equal((0, 0L, 0L), (first.Psnlr, first.DeltaTimeLastReceived.ToNanoseconds(), first.DeltaTimeLastSent.ToNanoseconds()));
        Assert.Equal(((ushort)(first.Psntp + 1), (ushort)0xfffe), (second.Psntp, second.Psnlr));
        Assert.True(second.DeltaTimeLastReceived.ToNanoseconds() > 0);
        Assert.True(second.DeltaTimeLastSent.ToNanoseconds() > 0);
    }

    [KernelFact]
    public void Send_InClear_SaysWhatItsReaderReads()
    {
        using CarryingDatapath datapath = new(PacketCarriage.DestoptV2Clear);

        byte[] sent = datapath.Send(Request());

        Assert.Equal(Pdmv2ReadStatus.Ok, Pdmv2OptionView.TryRead(sent.AsSpan(OptionOffset), out Pdmv2OptionView view));
        Assert.Equal((false, (ushort)0), (view.IsProtected, view.Epoch));
        Assert.Equal(new PdmMetrics(0, 1, default, default), PdmMetrics.Read(view.MetricBlock));
        // Nothing sealed: no loss can be told of these, so they are not reported as sent under a key.
        Assert.Equal((0ul, 1ul), (datapath.Count(PacketOutcome.Sealed), datapath.Count(PacketOutcome.SentClear)));
        Assert.Empty(datapath.SealedCounts);
    }

    [KernelTheory]
    [MemberData(nameof(ClearCarriages))]
    public void Receive_InClear_IsObservedAndUpdatesNothing(PacketCarriage carriage)
    {
        using CarryingDatapath datapath = new(carriage);

        byte[] up = datapath.Receive(Arriving(carriage, 7));
        byte[] answer = datapath.Send(Request());

        Observation seen = Assert.Single(datapath.TakeObservations());
        Assert.Equal((ObservationVerdict.Clear, 20), (seen.Verdict, seen.PayloadLength));
        Assert.Equal(Arriving(carriage, 7), up);
        Assert.Equal(0u, LastReceivedOf(answer, carriage));
    }

    [KernelTheory]
    [MemberData(nameof(ClearCarriages))]
    public void Receive_InClearWhereAccepted_UpdatesOurNextOption(PacketCarriage carriage)
    {
        using CarryingDatapath datapath = new(carriage, acceptClearOptions: true);

        datapath.Receive(Arriving(carriage, 7));
        datapath.Receive(Arriving(carriage, 9));
        datapath.Receive(Arriving(carriage, 8)); // late
        byte[] answer = datapath.Send(Request());

        Assert.All(datapath.TakeObservations(), seen => Assert.Equal(ObservationVerdict.ClearCounted, seen.Verdict));
        Assert.Equal(9u, LastReceivedOf(answer, carriage));
    }

    [KernelFact]
    public void Receive_Pdmv1NumbersThatWrap_GoOn()
    {
        using CarryingDatapath datapath = new(PacketCarriage.DestoptV1, acceptClearOptions: true);

        datapath.Receive(Arriving(PacketCarriage.DestoptV1, 0xffff));
        datapath.Receive(Arriving(PacketCarriage.DestoptV1, 1));

        Assert.Equal(1u, LastReceivedOf(datapath.Send(Request()), PacketCarriage.DestoptV1));
    }

    [KernelTheory]
    [MemberData(nameof(ClearCarriages))]
    public void Receive_InClearOfALiveSource_CountsForNothing(PacketCarriage carriage)
    {
        using CarryingDatapath datapath = new(carriage, acceptClearOptions: true);
        datapath.Kernel.SetLiveSources([TestDatapath.Pair.Destination]);

        datapath.Receive(Arriving(carriage, 7));
        Assert.Equal(ObservationVerdict.Clear, Assert.Single(datapath.TakeObservations()).Verdict);
        Assert.Equal(0u, LastReceivedOf(datapath.Send(Request()), carriage));

        datapath.Kernel.SetLiveSources([]);
        datapath.Receive(Arriving(carriage, 8));
        Assert.Equal(ObservationVerdict.ClearCounted, Assert.Single(datapath.TakeObservations()).Verdict);
    }

    [KernelTheory]
    [InlineData(PacketCarriage.DestoptV2Clear, true)]
    [InlineData(PacketCarriage.DestoptV1, true)]
    [InlineData(PacketCarriage.DestoptV2Clear, false)]
    [InlineData(PacketCarriage.DestoptV1, false)]
    public void Receive_WithStrip_GivesBackWhatCounts(PacketCarriage carriage, bool accepts)
    {
        using CarryingDatapath datapath = new(carriage, acceptClearOptions: accepts, strip: true);
        byte[] plain = TestPackets.Udp(Back, 53, 1000, 20), arriving = Arriving(carriage, 7);

        Assert.Equal(accepts ? plain : arriving, datapath.Receive(arriving));
    }

    [KernelTheory]
    [InlineData("options")]
    [InlineData("segments")]
    [InlineData("hop-by-hop")]
    public void Receive_WithStripAndOtherHeaders_LeavesThePacketAsItIs(string chain)
    {
        using CarryingDatapath datapath = new(PacketCarriage.DestoptV2Clear, acceptClearOptions: true, strip: true);
        byte[] arriving = datapath.Send(HeaderChain.Udp(chain));

        Assert.Equal(arriving, datapath.Receive(arriving));
        Assert.Equal(TestDatapath.Pair.Destination, Assert.Single(datapath.TakeObservations()).Flow.Destination);
    }

    [KernelFact]
    public void Receive_OptionOfDraftsBefore15_IsOfAnUnknownVersion()
    {
        using CarryingDatapath datapath = new(acceptClearOptions: true);
        byte[] arriving = Arriving(PacketCarriage.DestoptV2Clear, 7);
        arriving[OptionOffset] = PdmOption.LegacyOptionType;

        datapath.Receive(arriving);

        Assert.Equal(ObservationVerdict.UnknownVersion, Assert.Single(datapath.TakeObservations()).Verdict);
    }

    [KernelFact]
    public void Receive_TwoOptionsOfDifferentCarriages_IsMalformed()
    {
        using CarryingDatapath datapath = new(acceptClearOptions: true);
        byte[] arriving = Arriving(PacketCarriage.DestoptV2Clear, 7);
        // PDMv1 in the place of the last octets of the header: both fit if the first is cut to a short option.
        byte[] both = [0x1e, 0x01, 0x20, 0x01, 0x00, .. V1(7)];
        both.CopyTo(arriving, OptionOffset);
        new byte[] { 1, 30 - 2 - 5 - 12 }.CopyTo(arriving, OptionOffset + both.Length);

        datapath.Receive(arriving);

        Assert.Equal(ObservationVerdict.Malformed, Assert.Single(datapath.TakeObservations()).Verdict);
    }

    private static AddressPair Back => new(TestDatapath.Pair.Destination, TestDatapath.Pair.Source);

    private static byte[] Request() => TestPackets.Udp(TestDatapath.Pair, 1000, 53, 20);

    private static byte[] V1(ushort psntp)
    {
        byte[] octets = new byte[Pdmv1Option.Size];
        new Pdmv1Option(psntp, 0, default, default).Write(octets);
        return octets;
    }

    private static byte[] Reply(in Pdmv1Option option)
    {
        byte[] octets = new byte[Pdmv1Option.Size];
        option.Write(octets);
        return Merge(octets);
    }

    private static byte[] Arriving(PacketCarriage carriage, uint psntp)
    {
        if (carriage == PacketCarriage.DestoptV1)
            return Merge(V1((ushort)psntp));
        byte[] octets = new byte[Pdmv2OptionView.ClearSize];
        Pdmv2OptionView.WriteHeader(octets, Pdmv2OptionView.DefaultOptionType, isProtected: false, epoch: 0, psntp);
        return Merge(octets);
    }

    /// <summary>The answer to <see cref="Request"/> with an option.</summary>
    private static byte[] Merge(byte[] option)
    {
        byte[] plain = TestPackets.Udp(Back, 53, 1000, 20), merged = new byte[plain.Length + 48];
        DestinationOptionsMerge.TryMerge(plain.AsSpan(HeaderChain.LinkHeaderSize), option, merged, out int size);
        Assert.NotEqual(0, size);
        return [.. plain.AsSpan(0, HeaderChain.LinkHeaderSize), .. merged.AsSpan(0, size)];
    }

    private static Pdmv1Option ReadV1(byte[] frame)
    {
        Assert.Equal(Pdmv1Option.OptionType, frame[OptionOffset]);
        Assert.True(Pdmv1Option.TryRead(frame.AsSpan(OptionOffset), out Pdmv1Option option));
        return option;
    }

    private static uint LastReceivedOf(byte[] frame, PacketCarriage carriage) => carriage == PacketCarriage.DestoptV1
        ? ReadV1(frame).Psnlr
        : BinaryPrimitives.ReadUInt32BigEndian(frame.AsSpan(OptionOffset + Pdmv2OptionView.AssociatedDataSize));
}
