using System.Buffers.Binary;
using Pdm6.Datapath.Tests.Nonces;
using Pdm6.Wire;

namespace Pdm6.Datapath.Tests.UdpOptions;

/// <summary>What the egress program puts behind datagrams, against the encoders of Wire and Security's AES-GCM.</summary>
public class UdpOptionEgressTests
{
    private const int UdpOffset = 14 + 40, Port = 1000, LengthOffset = 14 + 4;

    [KernelTheory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(20)]
    [InlineData(21)]
    [InlineData(1279 - 48 - 44)]
    [InlineData(1280 - 48 - 44)]
    public void Egress_Datagram_GetsTheAreaThatWireWrites(int payload)
    {
        using SealingDatapath datapath = new(KernelDatapath.ProgramImage, carriage: PacketCarriage.UdpOption);
        byte[] frame = Frame(payload);
        for (uint i = 1; i <= 50; i++) // as many keys
        {
            datapath.Publish();
            UdpOptionView option = ReadOption(Run(datapath, frame), frame, out UdpSurplus surplus);
            Assert.True(option.IsProtected);
            Assert.True(datapath.Key.TryOpen(Flow, option, out PdmMetrics metrics));
            Assert.Equal(new PdmMetrics(0, i, default, default), metrics);
            byte[] wanted = new byte[45];
            int size = UdpOption.WriteProtected(
                wanted, surplus.StartsAtOddOffset, option.AssociatedData, option.MetricBlock, option.Tag);
            Assert.Equal(wanted[..size], surplus.Octets.ToArray());
        }
        Assert.Equal(50ul, datapath.Count(PacketOutcome.Sealed));
    }

    [KernelTheory]
    [InlineData(20)]
    [InlineData(21)]
    public void Egress_InClear_GetsTheAreaThatWireWrites(int payload)
    {
        using SealingDatapath datapath = new(KernelDatapath.ProgramImage, carriage: PacketCarriage.UdpOptionClear);
        datapath.Publish();
        byte[] frame = Frame(payload);

        UdpOptionView option = ReadOption(Run(datapath, frame), frame, out UdpSurplus surplus);

        Assert.False(option.IsProtected);
        byte[] wanted = new byte[45];
        int size = UdpOption.WriteClear(wanted, surplus.StartsAtOddOffset, option.Psntp, new PdmMetrics(0, 1, default, default));
        Assert.Equal(wanted[..size], surplus.Octets.ToArray());
        Assert.Equal(1ul, datapath.Count(PacketOutcome.SentClear));
    }

    [KernelFact]
    public void Egress_CarriageChangesBetweenPackets_NumbersAreShared()
    {
        const int packets = 300;
        using SealingDatapath datapath = new(KernelDatapath.ProgramImage);
        datapath.Publish();
        uint? last = null;
        for (int i = 0; i < packets; i++)
        {
            datapath.Choose(i % 3 == 0 ? PacketCarriage.UdpOption : PacketCarriage.DestoptV2);
            uint? psntp = datapath.Send(SealingDatapath.Frame(Port));
            Assert.True(last is null || psntp == unchecked(last + 1));
            last = psntp;
        }
        datapath.Ledger.AssertSound(packets);
    }

    [KernelFact]
    public void Egress_WhatCannotTakeIt_IsLeftAsItWas()
    {
        using SealingDatapath datapath = new(KernelDatapath.ProgramImage, carriage: PacketCarriage.UdpOption);
        datapath.Publish();
        byte[] withSurplus = Frame(30), shortLength = Frame(30), tcp = Frame(30);
        BinaryPrimitives.WriteUInt16BigEndian(withSurplus.AsSpan(UdpOffset + 4), 8 + 20);
        BinaryPrimitives.WriteUInt16BigEndian(shortLength.AsSpan(UdpOffset + 4), 7);
        tcp[14 + 6] = NextHeader.Tcp;

        AssertLeftAlone(datapath, withSurplus, PacketOutcome.SurplusArea);
        AssertLeftAlone(datapath, shortLength, PacketOutcome.MalformedPacket);
        AssertLeftAlone(datapath, tcp, PacketOutcome.NoForm);
        AssertLeftAlone(datapath, Frame(1281 - 48 - 44), PacketOutcome.Mtu);
    }

    [KernelFact]
    public void Egress_NumberRefused_TakesTheTailAwayAgain()
    {
        using SealingDatapath datapath = new(KernelDatapath.ProgramImage, carriage: PacketCarriage.UdpOption);
        SendingEpoch former = datapath.Publish();
        datapath.Publish();
        Assert.NotNull(datapath.Send(Frame(20)));
        datapath.BringBack(former);

        AssertLeftAlone(datapath, Frame(20), PacketOutcome.FlowBusy);
    }

    private static FlowKey Flow => new(SealingDatapath.Pair.Source, SealingDatapath.Pair.Destination, NextHeader.Udp, Port, 53);

    private static byte[] Frame(int payload)
    {
        byte[] frame = TestPackets.Udp(SealingDatapath.Pair, Port, 53, payload);
        new Random(payload).NextBytes(frame.AsSpan(UdpOffset + 8));
        return frame;
    }

    private static byte[] Run(SealingDatapath datapath, byte[] frame)
    {
        byte[] output = new byte[frame.Length + 64];
        return output[..datapath.Run(frame, output)];
    }

    private static void AssertLeftAlone(SealingDatapath datapath, byte[] frame, PacketOutcome reason)
    {
        ulong before = datapath.Count(reason);
        Assert.Equal(frame, Run(datapath, frame));
        Assert.Equal(before + 1, datapath.Count(reason));
    }

    // The packet is the one that was, but for the area and the IPv6 header's length.
    private static UdpOptionView ReadOption(byte[] made, byte[] frame, out UdpSurplus surplus)
    {
        Assert.True(UdpSurplus.TryFind(made.AsSpan(UdpOffset), out surplus));
        byte[] without = made[..^surplus.Octets.Length];
        Assert.Equal(made.Length - UdpOffset, BinaryPrimitives.ReadUInt16BigEndian(without.AsSpan(LengthOffset)));
        frame.AsSpan(LengthOffset, 2).CopyTo(without.AsSpan(LengthOffset));
        Assert.Equal(frame, without);
        Assert.Equal(
            UdpOptionReadStatus.Ok,
            UdpOptionView.TryRead(surplus.Octets, surplus.StartsAtOddOffset, UdpOption.DefaultExId, out UdpOptionView option));
        return option;
    }
}
