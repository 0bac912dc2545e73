using System.Buffers.Binary;
using System.Security.Cryptography;
using Pdm6.Datapath.Tests.Guards;
using Pdm6.Datapath.Tests.Nonces;
using Pdm6.Security;
using Pdm6.Wire;

namespace Pdm6.Datapath.Tests.UdpFrames;

/// <summary>What the egress program makes of datagrams under a sacrificial rule, against Wire's encoder and Security's
/// opener.</summary>
public class UdpFrameEgressTests
{
    private const int Udp = 14 + 40, Port = 1000, LengthOffset = 14 + 4, LongestPayload = 1400;
    private const ulong FirstNumber = 1ul << 40; // of serial 1, less 1

    [KernelFact]
    public void Egress_EveryPayloadLength_BecomesTheFrameThatSecurityOpens()
    {
        byte[] pairSecret = RandomNumberGenerator.GetBytes(KeyDerivation.SecretSize);
        using SealingDatapath datapath = Load(epoch => FramesKey.FromPairSecret(pairSecret, epoch));
        SendingEpoch epoch = datapath.Publish();
        using FrameOpener opener = FrameOpener.FromPairSecret(pairSecret, Suite.Aes256Gcm, epoch.Epoch);
        uint? former = null;
        for (int payload = 0; payload <= LongestPayload; payload++)
        {
            byte[] sent = Packet(payload), made = Run(datapath, sent);

            AssertOnlyTheDatagramChanged(sent, made);
            Assert.True(OffloadBridge.IsChecksumRight(made, made.Length - Udp), $"{payload} octets: the checksum");
            ReadOnlySpan<byte> frame = made.AsSpan(Udp + 8);
            byte[] tlvs = new byte[64];
            Assert.Equal(FrameOpenResult.Opened, opener.TryOpen(frame, tlvs, out UdpFrameHeader header, out int size, out FrameNumber number));
            Assert.Equal(new FrameNumber(0, FirstNumber + 1 + (ulong)payload), number);
            Assert.Equal((UdpFrameFlags.Encrypted | UdpFrameFlags.KeyId, epoch.Epoch), (header.Flags, header.KeyId));
            Assert.True(former is null || header.Sequence == unchecked(former + 1));
            former = header.Sequence;
            Assert.InRange((long)header.TimestampMicroseconds - DateTimeOffset.UtcNow.ToUnixTimeMilliseconds() * 1000, -60_000_000, 1_000_000);
            byte[] wantedTlvs = [0, 7, 0, 16, .. new byte[PdmMetrics.Size]], wantedPrefix = new byte[32];
            new PdmMetrics(0, (uint)payload + 1, default, default).Write(wantedTlvs.AsSpan(4));
            Assert.Equal(wantedTlvs, tlvs[..size]);
            UdpFrame.WriteSealedPrefix(wantedPrefix, header, frame.Slice(16, 12), size);
            Assert.Equal(wantedPrefix, frame[..32].ToArray());
        }
        Assert.Equal((ulong)LongestPayload + 1, datapath.Count(PacketOutcome.Sealed));
        Assert.Equal(new SealedCount(SealingDatapath.Pair, 0, LongestPayload + 1), Assert.Single(epoch.ReadSealed()));
    }

    [KernelFact]
    public void Egress_DatagramWithoutChecksum_GetsOne()
    {
        using SealingDatapath datapath = Load();
        datapath.Publish();
        byte[] packet = Packet(100);
        packet.AsSpan(Udp + 6, 2).Clear();

        byte[] made = Run(datapath, packet);

        Assert.True(OffloadBridge.IsChecksumRight(made, made.Length - Udp));
    }

    [KernelFact]
    public void Egress_CarriageChangesBetweenPackets_NumbersAreShared()
    {
        using SealingDatapath datapath = new(KernelDatapath.ProgramImage);
        datapath.Publish();
        uint? former = null;
        for (int i = 0; i < 60; i++)
        {
            datapath.Choose(i % 2 == 0 ? PacketCarriage.UdpFrame : PacketCarriage.DestoptV2);
            uint? psntp = i % 2 == 0 ? datapath.SendFrame(SealingDatapath.Frame(Port))?.Psntp : datapath.Send(SealingDatapath.Frame(Port));
            Assert.True(psntp is not null && (former is null || psntp == unchecked(former + 1)));
            former = psntp;
        }
        datapath.Ledger.AssertSound(60);
    }

    [KernelFact]
    public void Egress_WhatCannotBecomeOne_IsLeftAsItWas()
    {
        using SealingDatapath datapath = Load();
        datapath.Publish();
        byte[] withSurplus = Packet(100), shortLength = Packet(100), longLength = Packet(100), tcp = Packet(100);
        BinaryPrimitives.WriteUInt16BigEndian(withSurplus.AsSpan(Udp + 4), 8 + 90);
        BinaryPrimitives.WriteUInt16BigEndian(shortLength.AsSpan(Udp + 4), 7);
        BinaryPrimitives.WriteUInt16BigEndian(longLength.AsSpan(Udp + 4), 8 + 101);
        tcp[14 + 6] = NextHeader.Tcp;

        AssertLeftAlone(datapath, withSurplus, PacketOutcome.SurplusArea);
        AssertLeftAlone(datapath, shortLength, PacketOutcome.MalformedPacket);
        AssertLeftAlone(datapath, longLength, PacketOutcome.MalformedPacket);
        AssertLeftAlone(datapath, tcp, PacketOutcome.NoForm);
        byte[] otherPort = TestPackets.Udp(SealingDatapath.Pair, Port, 54, 100);
        Assert.Equal(otherPort, Run(datapath, otherPort));
    }

    [KernelTheory]
    [InlineData(20)]
    [InlineData(68)]
    [InlineData(100)]
    public void Egress_NumberRefused_PacketIsAsItWas(int payload)
    {
        using SealingDatapath datapath = Load();
        SendingEpoch former = datapath.Publish(), current = datapath.Publish();
        Assert.NotNull(datapath.SendFrame(Packet(payload)));
        datapath.BringBackFrames(former);
        AssertLeftAlone(datapath, Packet(payload), PacketOutcome.FlowBusy);
        datapath.BringBackFrames(current);
        FrameAttacks.SetTaken(current, (1ul << 40) - 2);
        Assert.NotNull(datapath.SendFrame(Packet(payload)));
        AssertLeftAlone(datapath, Packet(payload), PacketOutcome.NumbersExhausted);
        AssertLeftAlone(datapath, Packet(payload), PacketOutcome.NumbersExhausted);
    }

    [KernelFact]
    public void Egress_PairWithoutAKeyForFrames_IsLeftAsItWas()
    {
        using SealingDatapath datapath = Load();
        datapath.Publish();
        using SendingEpoch bare = datapath.Kernel.PrepareEpoch(2, 2, ulong.MaxValue);
        Assert.True(bare.TryAdd(SealingDatapath.Pair, datapath.Key.Pack()));
        Assert.False(bare.HasFrames);
        datapath.Kernel.Publish(bare);

        AssertLeftAlone(datapath, Packet(100), PacketOutcome.NoKey);
    }

    /// <summary>User space that hands over a pair's key again cannot bring its count back.</summary>
    [KernelFact]
    public void FrameKey_AddedAgain_IsRefusedAndCountsOn()
    {
        using SealingDatapath datapath = Load();
        SendingEpoch epoch = datapath.Publish();
        Assert.NotNull(datapath.SendFrame(Packet(10)));

        Assert.False(epoch.TryAddFrameKey(SealingDatapath.Pair, datapath.FramesKey.Pack()));

        Assert.NotNull(datapath.SendFrame(Packet(10)));
        datapath.Ledger.AssertSound(2);
    }

    [KernelFact]
    public void FrameKey_OfAPairWithoutTheOther_IsTheCallersMistake()
    {
        using SealingDatapath datapath = Load();
        using SendingEpoch epoch = datapath.Kernel.PrepareEpoch(1, 1, ulong.MaxValue, hasFrames: true);
        using SendingEpoch bare = datapath.Kernel.PrepareEpoch(1, 1, ulong.MaxValue);
        Assert.Throws<InvalidOperationException>(() => epoch.TryAddFrameKey(SealingDatapath.Pair, TestDatapath.AnyKey()));
        Assert.Throws<InvalidOperationException>(() => bare.TryAddFrameKey(SealingDatapath.Pair, TestDatapath.AnyKey()));
        Assert.Throws<ArgumentException>(() => PolicyTables.Compile([new PolicyRule([PolicyRule.Everywhere], [], []) { Carriage = PacketCarriage.UdpFrame }]));
    }

    private static SealingDatapath Load(Func<ushort, FramesKey>? newFramesKey = null) =>
        new(KernelDatapath.ProgramImage, carriage: PacketCarriage.UdpFrame, newFramesKey: newFramesKey);

    private static byte[] Packet(int payload)
    {
        byte[] packet = TestPackets.Udp(SealingDatapath.Pair, Port, 53, payload);
        new Random(payload).NextBytes(packet.AsSpan(Udp + 8));
        return packet;
    }

    private static byte[] Run(SealingDatapath datapath, byte[] packet)
    {
        byte[] output = new byte[packet.Length + SealedFrame.Size];
        return output[..datapath.Run(packet, output)];
    }

    private static void AssertLeftAlone(SealingDatapath datapath, byte[] packet, PacketOutcome reason)
    {
        ulong before = datapath.Count(reason);
        Assert.Equal(packet, Run(datapath, packet));
        Assert.Equal(before + 1, datapath.Count(reason));
    }

    private static void AssertOnlyTheDatagramChanged(byte[] sent, byte[] made)
    {
        const int datagram = 8 + UdpFrame.PdmFrameSize;
        Assert.Equal(Udp + datagram, made.Length);
        byte[] wanted = sent[..(Udp + 4)];
        BinaryPrimitives.WriteUInt16BigEndian(wanted.AsSpan(LengthOffset), datagram);
        Assert.Equal(wanted, made[..(Udp + 4)]);
        Assert.Equal(datagram, BinaryPrimitives.ReadUInt16BigEndian(made.AsSpan(Udp + 4)));
    }
}
