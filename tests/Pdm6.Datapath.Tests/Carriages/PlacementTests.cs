using Pdm6.Wire;

namespace Pdm6.Datapath.Tests.Carriages;

/// <summary>Where egress puts the option, against the merging of <see cref="DestinationOptionsMerge"/>: the same
/// specification, read by other eyes.</summary>
public class PlacementTests
{
    private static readonly PacketCarriage[] s_carriages = [PacketCarriage.DestoptV2, PacketCarriage.DestoptV2Clear, PacketCarriage.DestoptV1];

    public static TheoryData<string, PacketCarriage> Chains
    {
        get
        {
            TheoryData<string, PacketCarriage> cases = [];
            foreach (string chain in HeaderChain.Names)
                foreach (PacketCarriage carriage in s_carriages)
                    cases.Add(chain, carriage);
            return cases;
        }
    }

    [KernelTheory]
    [MemberData(nameof(Chains))]
    public void Send_HeaderChain_IsWhatMergingMakesOfIt(string chain, PacketCarriage carriage)
    {
        using CarryingDatapath datapath = new(carriage);
        byte[] frame = HeaderChain.Udp(chain);
        byte[] given = new byte[OptionSize(carriage)];
        (given[0], given[1]) = (carriage == PacketCarriage.DestoptV1 ? Pdmv1Option.OptionType : Pdmv2OptionView.DefaultOptionType, (byte)(given.Length - 2));
        byte[] merged = new byte[frame.Length + 48];
        MergeOutcome wanted = DestinationOptionsMerge.TryMerge(frame.AsSpan(HeaderChain.LinkHeaderSize), given, merged, out int size);

        byte[] sent = datapath.Send(frame);

        if (wanted is not (MergeOutcome.Inserted or MergeOutcome.Merged) || IsLeftAloneByTheKernelOnly(chain))
        {
            Assert.Equal(frame, sent);
            Assert.Equal(0ul, datapath.Count(PacketOutcome.Sealed) + datapath.Count(PacketOutcome.SentClear));
            return;
        }
        byte[] option = OptionOf(sent);
        DestinationOptionsMerge.TryMerge(frame.AsSpan(HeaderChain.LinkHeaderSize), option, merged, out size);
        Assert.Equal([.. frame.AsSpan(0, HeaderChain.LinkHeaderSize), .. merged.AsSpan(0, size)], sent);
        Assert.Equal(1ul, datapath.Count(carriage == PacketCarriage.DestoptV2 ? PacketOutcome.Sealed : PacketOutcome.SentClear));
    }

    [KernelTheory]
    [InlineData("PDMv1", PacketOutcome.HasPdm)]
    [InlineData("clear PDMv2", PacketOutcome.HasPdm)]
    [InlineData("clear PDMv2, segments", PacketOutcome.HasPdm)]
    [InlineData("eight options", PacketOutcome.OptionsFull)]
    [InlineData("options that leave 13 octets", PacketOutcome.OptionsFull)]
    [InlineData("options that leave 34 octets", PacketOutcome.OptionsFull)]
    [InlineData("home address route", PacketOutcome.RoutingHeader)]
    [InlineData("more segments left than listed", PacketOutcome.RoutingHeader)]
    [InlineData("nothing but padding", PacketOutcome.ExtensionHeader)]
    [InlineData("five headers", PacketOutcome.ExtensionHeader)]
    [InlineData("18 options of padding", PacketOutcome.ExtensionHeader)]
    [InlineData("hop-by-hop, fragment", PacketOutcome.Fragment)]
    [InlineData("fragment", PacketOutcome.Fragment)]
    [InlineData("options, AH", PacketOutcome.Ipsec)]
    [InlineData("option past the end", PacketOutcome.MalformedPacket)]
    public void Send_HeaderChainLeftAlone_IsCountedByItsReason(string chain, PacketOutcome reason)
    {
        using CarryingDatapath datapath = new();
        byte[] frame = HeaderChain.Udp(chain);

        Assert.Equal(frame, datapath.Send(frame));

        Assert.Equal(1ul, datapath.Count(reason));
    }

    [KernelTheory]
    [InlineData(4)]
    [InlineData(41)]
    [InlineData(137)]
    [InlineData(143)]
    public void Send_TunnelBehindSegments_IsLeftAlone(byte tunnel)
    {
        using CarryingDatapath datapath = new();
        byte[] frame = HeaderChain.Any("segments", tunnel, HeaderChain.Udp("none")[HeaderChain.LinkHeaderSize..]);

        Assert.Equal(frame, datapath.Send(frame));

        Assert.Equal(1ul, datapath.Count(PacketOutcome.RoutingHeader));
    }

    [KernelFact]
    public void Send_SameFlowByAnotherRoute_TakesTheNextNumber()
    {
        using CarryingDatapath datapath = new(PacketCarriage.DestoptV2Clear);
        uint[] numbers = [.. ((string[])["none", "segments", "all", "hop-by-hop", "none"]).Select(chain => NumberOf(datapath.Send(HeaderChain.Udp(chain))))];

        Assert.Equal(Enumerable.Range(0, 5).Select(i => numbers[0] + (uint)i), numbers);
    }

    /// <summary>Where the kernel programs are more careful than merging need be.</summary>
    private static bool IsLeftAloneByTheKernelOnly(string chain) =>
        chain is "home address route" or "nothing but padding" or "five headers" or "18 options of padding";

    private static int OptionSize(PacketCarriage carriage) => carriage switch
    {
        PacketCarriage.DestoptV1 => Pdmv1Option.Size,
        PacketCarriage.DestoptV2Clear => Pdmv2OptionView.ClearSize,
        _ => Pdmv2OptionView.ProtectedSize,
    };

    private static byte[] OptionOf(byte[] frame)
    {
        Assert.True(Ipv6PacketView.TryRead(frame.AsSpan(HeaderChain.LinkHeaderSize), out Ipv6PacketView packet));
        Assert.True(new PdmOptions(packet).TryFindOnly(out PdmOptionInPacket option));
        return option.Octets.ToArray();
    }

    private static uint NumberOf(byte[] frame)
    {
        Assert.Equal(Pdmv2ReadStatus.Ok, Pdmv2OptionView.TryRead(OptionOf(frame), out Pdmv2OptionView view));
        return view.Psntp;
    }
}
