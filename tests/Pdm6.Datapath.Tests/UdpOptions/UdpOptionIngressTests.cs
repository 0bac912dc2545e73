using System.Buffers.Binary;
using Pdm6.Datapath.Tests.Nonces;
using Pdm6.Wire;

namespace Pdm6.Datapath.Tests.UdpOptions;

/// <summary>What the ingress program makes of areas behind datagrams.</summary>
public class UdpOptionIngressTests
{
    private const int Udp = 14 + 40, Port = 1000;

    [KernelTheory]
    [InlineData(20, false)]
    [InlineData(21, false)]
    [InlineData(20, true)]
    [InlineData(21, true)]
    public void Ingress_WhatEgressMade_IsAcceptedAndStrippedIfAsked(int payload, bool strip)
    {
        using SealingDatapath datapath = Load(PacketCarriage.UdpOption, strip);
        byte[] sent = TestPackets.Udp(SealingDatapath.Pair, Port, 53, payload);
        byte[] onTheWire = Seal(datapath, sent);

        byte[] received = Receive(datapath, onTheWire);

        Assert.Equal(strip ? sent : onTheWire, received);
        Observation seen = Assert.Single(new ObservationSink().Take(datapath.Kernel));
        Assert.Equal((ObservationVerdict.Accepted, ObservationCarriage.UdpOption), (seen.Verdict, seen.Carriage));
        Assert.Equal((payload, 40), (seen.PayloadLength, seen.OptionLength));
        Assert.Equal(onTheWire[^40..], seen.OptionOctets.ToArray());
    }

    [KernelFact]
    public void Ingress_CopyAndEveryBitTurned_UpdateNothing()
    {
        using SealingDatapath datapath = Load(PacketCarriage.UdpOption);
        byte[] onTheWire = Seal(datapath, TestPackets.Udp(SealingDatapath.Pair, Port, 53, 21));
        ObservationSink sink = new();
        Receive(datapath, onTheWire);
        Receive(datapath, onTheWire);
        Assert.Equal([ObservationVerdict.Accepted, ObservationVerdict.NotAhead], sink.Take(datapath.Kernel).Select(seen => seen.Verdict));

        int area = onTheWire.Length - 45;
        for (int bit = 0; bit < 8 * 45; bit++)
        {
            byte[] turned = [.. onTheWire];
            turned[area + bit / 8] ^= (byte)(1 << bit % 8);
            Receive(datapath, turned);
            if (bit >= 8 * 3) // with the right checksum, too
            {
                UdpOption.WriteChecksum(turned.AsSpan(area), startsAtOddOffset: true);
                Receive(datapath, turned);
            }
        }
        Assert.DoesNotContain(sink.Take(datapath.Kernel), seen => seen.Verdict is ObservationVerdict.Accepted or ObservationVerdict.NotAhead);
    }

    [KernelFact]
    public void Ingress_BothCarriagesInOnePacket_IsMalformed()
    {
        using SealingDatapath datapath = Load(PacketCarriage.UdpOption);
        byte[] area = new byte[28];
        UdpOption.WriteClear(area, startsAtOddOffset: false, psntp: 7, default);
        byte[] frame = [.. TestPackets.UdpWithClearOption(SealingDatapath.Pair, Port, 53, 20), .. area];
        SetPayloadLength(frame);

        Receive(datapath, frame);

        Assert.Equal(ObservationVerdict.Malformed, Assert.Single(new ObservationSink().Take(datapath.Kernel)).Verdict);
    }

    /// <summary>Areas made of options of ours, of others and of bytes that are none, judged as Wire judges them.</summary>
    [KernelFact]
    public void Ingress_20000HostileAreas_AreJudgedAsWireDoes()
    {
        using SealingDatapath datapath = Load(PacketCarriage.UdpOption);
        ObservationSink sink = new();
        Random random = new(9868);
        int[] verdicts = new int[10];
        int unseen = 0;
        for (int i = 0; i < 20_000; i++)
        {
            int payload = random.Next(2) + 20;
            byte[] area = HostileArea.Next(random, startsAtOddOffset: payload % 2 == 1);
            byte[] frame = [.. TestPackets.Udp(SealingDatapath.Pair, Port, 53, payload), .. area];
            SetPayloadLength(frame);

            Assert.Equal(frame, Receive(datapath, frame));

            ObservationVerdict? wanted = HostileArea.Judge(area, startsAtOddOffset: payload % 2 == 1);
            Observation[] seen = [.. sink.Take(datapath.Kernel)];
            Assert.True(
                (seen.Length == 0 ? null : seen.Single().Verdict) == wanted,
                $"{Convert.ToHexString(area)} behind {payload} octets: {(seen.Length == 0 ? "nothing" : seen[0].Verdict)}, not {wanted}");
            if (wanted is { } verdict)
                verdicts[(int)verdict]++;
            else
                unseen++;
        }
        Assert.All(
            [ObservationVerdict.NoKey, ObservationVerdict.Clear, ObservationVerdict.Malformed, ObservationVerdict.UnknownVersion],
            verdict => Assert.True(verdicts[(int)verdict] > 100, $"{verdict}: {verdicts[(int)verdict]}"));
        Assert.True(unseen > 100);
    }

    private static SealingDatapath Load(PacketCarriage carriage, bool strip = false)
    {
        SealingDatapath datapath = new(KernelDatapath.ProgramImage, carriage: carriage, strip: strip);
        SendingEpoch epoch = datapath.Publish();
        datapath.Kernel.SetReceivingKey(
            new ReceivingKeyId(SealingDatapath.Pair, epoch.Epoch, 0), new ReceivingKeyPeriod(1, 1, 0, ulong.MaxValue), datapath.Key.Pack());
        return datapath;
    }

    private static byte[] Seal(SealingDatapath datapath, byte[] frame)
    {
        byte[] output = new byte[frame.Length + 64];
        int length = datapath.Run(frame, output);
        Assert.True(length > frame.Length);
        return output[..length];
    }

    private static byte[] Receive(SealingDatapath datapath, byte[] frame)
    {
        byte[] output = new byte[frame.Length];
        return output[..datapath.Kernel.Program("pdm6_ingress").TestRun(frame, output).OutputLength];
    }

    private static void SetPayloadLength(byte[] frame) =>
        BinaryPrimitives.WriteUInt16BigEndian(frame.AsSpan(14 + 4), (ushort)(frame.Length - Udp));
}
