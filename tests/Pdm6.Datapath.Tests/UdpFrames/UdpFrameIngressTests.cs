using System.Buffers.Binary;
using Pdm6.Datapath.Tests.Nonces;
using Pdm6.Datapath.Tests.UdpOptions;
using Pdm6.Wire;

namespace Pdm6.Datapath.Tests.UdpFrames;

/// <summary>What the ingress program makes of udp-frames, and of what only looks like one.</summary>
public class UdpFrameIngressTests
{
    private const int Udp = 14 + 40, Frame = Udp + 8, Port = 1000;

    [KernelTheory]
    [InlineData(0)]
    [InlineData(68)]
    [InlineData(1000)]
    public void Ingress_WhatEgressMade_IsAcceptedAndStays(int payload)
    {
        using FrameDatapath datapath = new();
        byte[] onTheWire = datapath.Send(Datagram(payload));

        Assert.Equal(onTheWire, datapath.Receive(onTheWire));

        Observation seen = Assert.Single(new ObservationSink().Take(datapath.Kernel));
        Assert.Equal((ObservationVerdict.Accepted, ObservationCarriage.UdpFrame), (seen.Verdict, seen.Carriage));
        Assert.Equal((68, 68, 64, 0), (seen.PayloadLength, seen.OptionLength, seen.HopLimit, seen.Rule));
        Assert.Equal(onTheWire[Frame..], seen.OptionOctets.ToArray());
        Assert.Equal(new FlowKey(SealingDatapath.Pair.Source, SealingDatapath.Pair.Destination, NextHeader.Udp, Port, 53), seen.Flow);
    }

    [KernelFact]
    public void Ingress_CopyAndEveryBitTurned_UpdateNothing()
    {
        using FrameDatapath datapath = new();
        byte[] onTheWire = datapath.Send(Datagram(20));
        ObservationSink sink = new();
        datapath.Receive(onTheWire);
        datapath.Receive(onTheWire);
        Assert.Equal([ObservationVerdict.Accepted, ObservationVerdict.NotAhead], sink.Take(datapath.Kernel).Select(seen => seen.Verdict));

        int refused = 0;
        for (int bit = 0; bit < 8 * UdpFrame.PdmFrameSize; bit++)
        {
            byte[] turned = [.. onTheWire];
            turned[Frame + bit / 8] ^= (byte)(1 << bit % 8);
            Assert.Equal(turned, datapath.Receive(turned));
            foreach (Observation seen in sink.Take(datapath.Kernel))
                refused += seen.Verdict is ObservationVerdict.AuthenticationFailed or ObservationVerdict.NoKey ? 1 : 1000;
        }
        // Version, flags, a key id above 12 bits, the front of the nonce and the length say that it is none of ours.
        Assert.Equal(8 * (UdpFrame.PdmFrameSize - 2 - 4 - 4) - 4, refused);
    }

    [KernelFact]
    public void Ingress_OtherPortOrOtherShape_IsNotLookedAt()
    {
        using FrameDatapath datapath = new();
        byte[] onTheWire = datapath.Send(Datagram(20)), otherPort = [.. onTheWire], longer = [.. onTheWire, 0], clear = [.. onTheWire], cut = onTheWire[..^1];
        BinaryPrimitives.WriteUInt16BigEndian(otherPort.AsSpan(Udp + 2), 54);
        foreach (byte[] resized in (byte[][])[longer, cut])
        {
            BinaryPrimitives.WriteUInt16BigEndian(resized.AsSpan(Udp + 4), (ushort)(resized.Length - Udp));
            BinaryPrimitives.WriteUInt16BigEndian(resized.AsSpan(14 + 4), (ushort)(resized.Length - Udp));
        }
        clear[Frame + 1] = 4;
        foreach (byte[] packet in (byte[][])[otherPort, longer, clear, cut])
            Assert.Equal(packet, datapath.Receive(packet));
        Assert.Empty(new ObservationSink().Take(datapath.Kernel));
    }

    [KernelFact]
    public void Ingress_NoKeyOrNotItsTime_IsObservedAndUpdatesNothing()
    {
        using FrameDatapath datapath = new();
        ReceivingKeyId id = datapath.KeyId;
        Assert.True(datapath.Kernel.RemoveReceivingKey(id));
        byte[] onTheWire = datapath.Send(Datagram(20));
        ObservationSink sink = new();
        datapath.Receive(onTheWire);
        datapath.Kernel.SetReceivingFrameKey(id, new ReceivingKeyPeriod(1, 1, 0, 1), datapath.Key.Pack());
        datapath.Receive(onTheWire);
        using FramesKey wrong = FramesKey.NewRandom();
        datapath.Kernel.SetReceivingFrameKey(id, new ReceivingKeyPeriod(1, 1, 0, ulong.MaxValue), wrong.Pack());
        datapath.Receive(onTheWire);
        Assert.True(datapath.Kernel.RemoveReceivingKey(id));
        datapath.Receive(onTheWire);

        Assert.Equal(
            [ObservationVerdict.NoKey, ObservationVerdict.WrongEpoch, ObservationVerdict.AuthenticationFailed, ObservationVerdict.NoKey],
            sink.Take(datapath.Kernel).Select(seen => seen.Verdict));
        Assert.Equal(2ul, datapath.Kernel.ReadCounters().OfVerdict(ObservationVerdict.NoKey));
    }

    /// <summary>A host that only receives them says at which port.</summary>
    [KernelFact]
    public void Ingress_PortGivenWithoutARule_IsLookedAt()
    {
        using FrameDatapath sender = new();
        byte[] onTheWire = sender.Send(Datagram(20));
        using KernelDatapath receiver = KernelDatapath.Load(
            new DatapathOptions { FlowTableSize = 16, RingSize = 1 << 16, PairsPerEpoch = 16, FramePorts = [new PortRange(50, 53)] });
        receiver.SetPolicy(PolicyTables.Compile([]));

        receiver.Program("pdm6_ingress").TestRun(onTheWire, new byte[onTheWire.Length]);

        Observation seen = Assert.Single(new ObservationSink().Take(receiver));
        Assert.Equal((ObservationVerdict.NoKey, Observation.NoRule), (seen.Verdict, seen.Rule));
    }

    private static byte[] Datagram(int payload) => TestPackets.Udp(SealingDatapath.Pair, Port, 53, payload);
}
