using System.Buffers.Binary;
using Pdm6.Wire.Tests.Packets;

namespace Pdm6.Wire.Tests;

public sealed class DestinationOptionsMergeTests
{
    private static readonly byte[] Protected = PacketBytes.Pdmv2(38);
    private static readonly byte[] Clear = PacketBytes.Pdmv2(22);
    private static readonly byte[] Udp = PacketBytes.Udp(5, 6, 7);

    private static byte[] Merge(byte[] packet, byte[] option, MergeOutcome expected)
    {
        byte[] destination = new byte[packet.Length + 60];
        destination.AsSpan().Fill(0xee);
        Assert.Equal(expected, DestinationOptionsMerge.TryMerge(packet, option, destination, out int size));
        Assert.True(destination.AsSpan(size).IndexOfAnyExcept((byte)0xee) < 0);
        return destination[..size];
    }

    private static void LeavesAlone(MergeOutcome reason, byte[] packet) => Assert.Empty(Merge(packet, Protected, reason));

    [Fact]
    public void TryMerge_NoExtensionHeaders_InsertsOurHeader()
    {
        byte[] merged = Merge(PacketBytes.Ipv6(NextHeader.Udp, Udp), Protected, MergeOutcome.Inserted);
        Assert.Equal(PacketBytes.Ipv6(NextHeader.DestinationOptions, PacketBytes.OptionsHeader(NextHeader.Udp, Protected), Udp), merged);
        Assert.Equal("0104" + "00000000", Convert.ToHexStringLower(merged.AsSpan(40 + 42, 6)));
        byte[] clear = Merge(PacketBytes.Ipv6(NextHeader.Udp, Udp), Clear, MergeOutcome.Inserted);
        Assert.Equal(PacketBytes.Ipv6(NextHeader.DestinationOptions, PacketBytes.OptionsHeader(NextHeader.Udp, Clear), Udp), clear);
        Assert.Equal(32 + 40 + Udp.Length, clear.Length);
    }

    [Fact]
    public void TryMerge_OtherExtensionHeaders_InsertsBehindThem()
    {
        byte[] hopByHop = PacketBytes.OptionsHeader(NextHeader.DestinationOptions, PacketBytes.Option(5, 0, 0));
        byte[] early = PacketBytes.OptionsHeader(NextHeader.Routing, PacketBytes.Option(6, 1));
        byte[] packet = PacketBytes.Ipv6(NextHeader.HopByHop, hopByHop, early, PacketBytes.Routing(NextHeader.Udp), Udp);
        Assert.Equal(
            PacketBytes.Ipv6(NextHeader.HopByHop, hopByHop, early, PacketBytes.Routing(NextHeader.DestinationOptions),
                PacketBytes.OptionsHeader(NextHeader.Udp, Protected), Udp),
            Merge(packet, Protected, MergeOutcome.Inserted));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void TryMerge_LastOptionsHeader_KeepsItsOptionsAndDropsItsPadding(int dataSize)
    {
        byte[] theirs = PacketBytes.Option(6, [.. Enumerable.Repeat((byte)9, dataSize)]);
        byte[] packet = PacketBytes.Ipv6(NextHeader.DestinationOptions, PacketBytes.OptionsHeader(NextHeader.Udp, theirs), Udp);
        byte[] merged = Merge(packet, Clear, MergeOutcome.Merged);
        Assert.Equal(
            PacketBytes.Ipv6(NextHeader.DestinationOptions, PacketBytes.OptionsHeader(NextHeader.Udp, theirs, Clear), Udp), merged);
    }

    [Fact]
    public void TryMerge_PaddingBetweenTheirOptions_Stays()
    {
        byte[] header = [NextHeader.Udp, 1, 5, 1, 7, 0, 1, 0, 6, 2, 8, 8, 0, 1, 1, 0];
        byte[] merged = Merge(PacketBytes.Ipv6(NextHeader.DestinationOptions, header, Udp), Clear, MergeOutcome.Merged);
        byte[] expected = [NextHeader.Udp, 4, .. header[2..12], .. Clear, 1, 2, 0, 0];
        Assert.Equal(PacketBytes.Ipv6(NextHeader.DestinationOptions, expected, Udp), merged);
    }

    [Fact]
    public void TryMerge_HeaderOfPaddingOnly_BecomesOurs()
    {
        byte[] packet = PacketBytes.Ipv6(NextHeader.DestinationOptions, PacketBytes.OptionsHeader(NextHeader.Udp, new byte[20]), Udp);
        Assert.Equal(
            PacketBytes.Ipv6(NextHeader.DestinationOptions, PacketBytes.OptionsHeader(NextHeader.Udp, Protected), Udp),
            Merge(packet, Protected, MergeOutcome.Merged));
    }

    [Fact]
    public void TryMerge_MuchPadding_MayMakeThePacketShrink()
    {
        byte[] packet = PacketBytes.Ipv6(NextHeader.DestinationOptions, PacketBytes.OptionsHeader(NextHeader.Udp, new byte[90]), Udp);
        byte[] merged = Merge(packet, Clear, MergeOutcome.Merged);
        Assert.Equal(PacketBytes.Ipv6(NextHeader.DestinationOptions, PacketBytes.OptionsHeader(NextHeader.Udp, Clear), Udp), merged);
        Assert.True(merged.Length < packet.Length);
    }

    [Fact]
    public void TryMerge_HeaderOfAtMost48Octets_IsTheLimit()
    {
        for (int size = 0; size <= 8; size++)
        {
            byte[] theirs = PacketBytes.Option(6, new byte[size]);
            byte[] packet = PacketBytes.Ipv6(NextHeader.DestinationOptions, PacketBytes.OptionsHeader(NextHeader.Udp, theirs), Udp);
            byte[] merged = Merge(packet, Protected, size <= 4 ? MergeOutcome.Merged : MergeOutcome.TooLarge);
            Assert.Equal(size <= 4 ? 40 + 48 + Udp.Length : 0, merged.Length);
        }
        Assert.Equal(48, DestinationOptionsMerge.MaximumHeaderSize);
    }

    [Fact]
    public void TryMerge_WhatWasMerged_IsFoundAndLeftAlone()
    {
        byte[] merged = Merge(PacketBytes.Ipv6(NextHeader.Udp, Udp), Protected, MergeOutcome.Inserted);
        Assert.True(Ipv6PacketView.TryRead(merged, out Ipv6PacketView packet));
        Assert.True(new PdmOptions(packet).TryFindOnly(out PdmOptionInPacket only));
        Assert.Equal(PdmOptionForm.Protected, only.Form);
        Assert.Equal(Protected, only.Octets.ToArray());
        LeavesAlone(MergeOutcome.HasPdmOption, merged);
    }

    [Fact]
    public void TryMerge_PdmOptionOfAnyCarriage_IsLeftAlone()
    {
        byte[] surplus = new byte[29];
        UdpOption.WriteClear(surplus, true, 1, default);
        LeavesAlone(MergeOutcome.HasPdmOption, PacketBytes.Ipv6(NextHeader.Udp, Udp, surplus));
        byte[] v1 = PacketBytes.Option(Pdmv1Option.OptionType, new byte[10]);
        LeavesAlone(MergeOutcome.HasPdmOption, PacketBytes.Ipv6(NextHeader.DestinationOptions, PacketBytes.OptionsHeader(NextHeader.Udp, v1), Udp));
    }

    [Fact]
    public void TryMerge_PacketsThatMustNotBeTouched_AreLeftAloneWithAReason()
    {
        LeavesAlone(MergeOutcome.Fragment, PacketBytes.Ipv6(NextHeader.Fragment, PacketBytes.Fragment(NextHeader.Udp, 0, true), Udp));
        LeavesAlone(MergeOutcome.Fragment, PacketBytes.Ipv6(NextHeader.Fragment, PacketBytes.Fragment(NextHeader.Udp, 64, true), Udp));
        LeavesAlone(MergeOutcome.Ipsec, PacketBytes.Ipv6(NextHeader.AuthenticationHeader, PacketBytes.Authentication(NextHeader.Udp), Udp));
        LeavesAlone(MergeOutcome.Ipsec, PacketBytes.Ipv6(NextHeader.Esp, Udp));
        LeavesAlone(MergeOutcome.NoFlow, PacketBytes.Ipv6(NextHeader.None, Udp));
        LeavesAlone(MergeOutcome.NoFlow, PacketBytes.Ipv6(NextHeader.Udp, [1, 2, 3]));
        LeavesAlone(MergeOutcome.NoFlow, PacketBytes.Ipv6(NextHeader.Routing, PacketBytes.Routing(NextHeader.Udp, 9, 1), Udp));
    }

    [Fact]
    public void TryMerge_Addresses_AreChecked()
    {
        byte[] packet = PacketBytes.Ipv6(NextHeader.Udp, Udp);
        packet[24] = 0xff;
        LeavesAlone(MergeOutcome.Multicast, packet);
        Ipv6Address multicast = Ipv6Address.Parse("ff02::1");
        LeavesAlone(MergeOutcome.Multicast, PacketBytes.Ipv6(NextHeader.Routing, PacketBytes.Routing(NextHeader.Udp, 4, 1, multicast), Udp));
        byte[] toMulticastFirst = PacketBytes.Ipv6(
            NextHeader.Routing, PacketBytes.Routing(NextHeader.Udp, 4, 1, PacketBytes.Destination), Udp);
        multicast.Write(toMulticastFirst.AsSpan(24));
        LeavesAlone(MergeOutcome.Multicast, toMulticastFirst);
        LeavesAlone(MergeOutcome.Self, PacketBytes.Ipv6(NextHeader.Routing, PacketBytes.Routing(NextHeader.Udp, 4, 1, PacketBytes.Source), Udp));
    }

    [Fact]
    public void TryMerge_Icmpv6_ExemptsNeighborAndListenerDiscovery()
    {
        for (int type = 0; type <= byte.MaxValue; type++)
        {
            byte[] packet = PacketBytes.Ipv6(NextHeader.Icmpv6, [(byte)type, 0, 0, 0, 0, 0, 0, 0]);
            Merge(packet, Protected, type is (>= 130 and <= 137) or 143 ? MergeOutcome.ExemptIcmp : MergeOutcome.Inserted);
        }
        // A port is no ICMPv6 type.
        Merge(PacketBytes.Ipv6(NextHeader.Udp, PacketBytes.Udp(130 << 8, 1, 0)), Protected, MergeOutcome.Inserted);
    }

    [Fact]
    public void TryMerge_PacketThatIsNotWhole_IsMalformed()
    {
        byte[] packet = PacketBytes.Ipv6(NextHeader.DestinationOptions, PacketBytes.OptionsHeader(NextHeader.Udp, PacketBytes.Option(6, 1)), Udp);
        for (int size = 0; size < packet.Length; size++)
            LeavesAlone(MergeOutcome.MalformedPacket, packet[..size]);
        packet[43] = 200; // the option's length
        LeavesAlone(MergeOutcome.MalformedPacket, packet);
        packet[41] = 200; // the header's
        LeavesAlone(MergeOutcome.MalformedPacket, packet);
        packet[0] = 0x45;
        LeavesAlone(MergeOutcome.MalformedPacket, packet);
    }

    [Fact]
    public void TryMerge_PayloadThatWouldBeTooLong_IsJumbo()
    {
        Assert.Equal(65_535 + 40, Merge(PacketBytes.Ipv6(NextHeader.Udp, new byte[65_535 - 48]), Protected, MergeOutcome.Inserted).Length);
        LeavesAlone(MergeOutcome.Jumbo, PacketBytes.Ipv6(NextHeader.Udp, new byte[65_535 - 47]));
        LeavesAlone(MergeOutcome.Jumbo, PacketBytes.Jumbogram(70_000));
        byte[] noLength = PacketBytes.Ipv6(NextHeader.HopByHop, PacketBytes.OptionsHeader(NextHeader.Udp), Udp);
        BinaryPrimitives.WriteUInt16BigEndian(noLength.AsSpan(4), 0);
        LeavesAlone(MergeOutcome.MalformedPacket, noLength);
    }

    [Theory]
    [InlineData("0505" + "00000000")]
    [InlineData("1e26" + "20000000")]
    [InlineData("0502" + "0000" + "001e")]
    public void TryMerge_OptionThatOverrunsAnyOptionsHeader_IsMalformed(string options)
    {
        byte[] broken = [NextHeader.Udp, 0, .. Convert.FromHexString(options)];
        LeavesAlone(MergeOutcome.MalformedPacket, PacketBytes.Ipv6(NextHeader.HopByHop, broken, Udp));
        LeavesAlone(MergeOutcome.MalformedPacket, PacketBytes.Ipv6(NextHeader.DestinationOptions, broken, Udp));
        broken[0] = NextHeader.Routing;
        LeavesAlone(MergeOutcome.MalformedPacket, PacketBytes.Ipv6(
            NextHeader.DestinationOptions, broken, PacketBytes.Routing(NextHeader.Udp), Udp));
        LeavesAlone(MergeOutcome.MalformedPacket, PacketBytes.Ipv6(
            NextHeader.DestinationOptions, broken, PacketBytes.Routing(NextHeader.DestinationOptions), PacketBytes.OptionsHeader(NextHeader.Udp), Udp));
    }

    [Theory]
    [InlineData(0x1e, 0x1e, MergeOutcome.HasPdmOption)]
    [InlineData(0x3e, 0x3e, MergeOutcome.HasPdmOption)]
    [InlineData(0x3e, 0x1e, MergeOutcome.Merged)] // 0x1e means something else then
    [InlineData(0x3e, 0x0f, MergeOutcome.HasPdmOption)]
    [InlineData(0x0f, 0x1e, MergeOutcome.HasPdmOption)]
    [InlineData(0x0f, 0x3e, MergeOutcome.Merged)]
    public void TryMerge_OptionTypeOfTheOption_IsTheOneLookedFor(byte type, byte theirType, MergeOutcome outcome)
    {
        byte[] ours = PacketBytes.Option(type, new byte[10]), theirs = PacketBytes.Option(theirType, new byte[10]);
        Merge(PacketBytes.Ipv6(NextHeader.DestinationOptions, PacketBytes.OptionsHeader(NextHeader.Udp, theirs), Udp), ours, outcome);
    }

    [Theory]
    [InlineData(7, MergeOutcome.Merged)]
    [InlineData(8, MergeOutcome.TooManyOptions)]
    public void TryMerge_MoreOptionsThanLinuxAccepts_IsLeftAlone(int theirs, MergeOutcome outcome)
    {
        // Padding does not count, nor do the options of another header.
        byte[][] options = [[0], .. Enumerable.Repeat(PacketBytes.Option(6), theirs), [1, 0]];
        Merge(PacketBytes.Ipv6(NextHeader.HopByHop, PacketBytes.OptionsHeader(NextHeader.DestinationOptions, options),
            PacketBytes.OptionsHeader(NextHeader.Udp, options), Udp), Clear, outcome);
    }

    [Fact]
    public void TryMerge_LinkLayerPadding_IsDropped()
    {
        byte[] packet = PacketBytes.Ipv6(NextHeader.Udp, Udp);
        Assert.Equal(Merge(packet, Protected, MergeOutcome.Inserted), Merge([.. packet, 1, 2, 3], Protected, MergeOutcome.Inserted));
    }

    [Fact]
    public void TryMerge_WrongArguments_IsTheCallersMistake()
    {
        byte[] packet = PacketBytes.Ipv6(NextHeader.Udp, Udp);
        Assert.Throws<ArgumentException>(() => DestinationOptionsMerge.TryMerge(packet, [0x1e], new byte[200], out _));
        Assert.Throws<ArgumentException>(() => DestinationOptionsMerge.TryMerge(packet, [0x1e, 1], new byte[200], out _));
        Assert.Throws<ArgumentOutOfRangeException>(
            () => DestinationOptionsMerge.TryMerge(packet, Protected, new byte[packet.Length + 47], out _));
    }
}
