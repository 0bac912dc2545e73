using Pdm6.Wire.Tests.Packets;

namespace Pdm6.Wire.Tests;

/// <summary>No reader and no writer of this room allocates: a thread's count of allocated octets stands still over
/// them.</summary>
public sealed class AllocationTests
{
    private static readonly byte[] Protected = PacketBytes.Pdmv2(38);
    private static readonly byte[] V1 = PacketBytes.Option(Pdmv1Option.OptionType, new byte[10]);
    private static readonly byte[] Room = new byte[2000];
    private static readonly PdmMetrics Metrics = new(1, 2, new PdmTime(3, 4), new PdmTime(5, 6));
    private static readonly Observation Seen = new(
        default, 1, ObservationVerdict.Accepted, 0, 64, 0, 0, 0, 0, false, 0, 0, 40, OptionBytes.From(Protected));

    private static readonly byte[] Surplus = MadeBy(room => UdpOption.WriteClear(room, true, 1, Metrics));
    private static readonly byte[] AssociatedData = MadeBy(
        room => UdpOption.WriteAssociatedData(room, isProtected: true, UdpOption.DefaultExId, 1, 2), UdpOption.AssociatedDataSize);
    private static readonly byte[] Record = MadeBy(room => ObservationRecord.Write(room, Seen), ObservationRecord.Size);
    private static readonly byte[] ClearFrame = MadeBy(room => default(UdpFrameHeader).Write(room), UdpFrame.HeaderSize + 4);
    private static readonly byte[] EncryptedFrame = MadeBy(
        room => UdpFrame.WriteSealedPrefix(room, new UdpFrameHeader(UdpFrameFlags.Encrypted, 0, 1, 2), new byte[12], 8), 56);

    /// <summary>Every kind of header, two PDM options and a surplus area.</summary>
    private static readonly byte[] Packet = PacketBytes.Ipv6(NextHeader.HopByHop,
        PacketBytes.OptionsHeader(NextHeader.Routing, PacketBytes.Option(5, 1, 2)),
        PacketBytes.Routing(NextHeader.Fragment, 4, 1, Ipv6Address.Parse("2001:db8::1")),
        PacketBytes.Fragment(NextHeader.AuthenticationHeader, 0, false), PacketBytes.Authentication(NextHeader.DestinationOptions),
        PacketBytes.OptionsHeader(NextHeader.Udp, Protected, V1),
        PacketBytes.Udp(1, 2, 3), Surplus);

    private static readonly byte[] Plain = PacketBytes.Ipv6(NextHeader.Udp, PacketBytes.Udp(1, 2, 3));

    public static TheoryData<string> Names => new(Operations.Keys);

    private static readonly Dictionary<string, Action> Operations = new()
    {
        ["Pdmv1Option.TryRead"] = () => Pdmv1Option.TryRead(V1, out _),
        ["Pdmv1Option.Write"] = () => default(Pdmv1Option).Write(Room),
        ["Pdmv2OptionView.TryRead"] = () => Pdmv2OptionView.TryRead(Protected, out _),
        ["Pdmv2OptionView.WriteHeader"] = () => Pdmv2OptionView.WriteHeader(Room, 0x1e, true, 1, 2),
        ["LegacyPdmv2OptionView.TryRead"] = () => LegacyPdmv2OptionView.TryRead(Protected, out _),
        ["PdmOption.FormOf"] = () => PdmOption.FormOf(Protected),
        ["PdmMetrics.Read"] = () => PdmMetrics.Read(Room),
        ["PdmMetrics.Write"] = () => Metrics.Write(Room),
        ["PdmTime"] = () => PdmTime.FromNanoseconds((ulong)new PdmTime(60_000, 40).ToNanoseconds()).UncertaintyNanoseconds(),
        ["UdpFrameView.TryRead"] = () =>
        {
            UdpFrameView.TryRead(ClearFrame, out _);
            UdpFrameView.TryRead(EncryptedFrame, out _);
        },
        ["UdpFrame.WriteSealedPrefix"] = () =>
            UdpFrame.WriteSealedPrefix(Room, new UdpFrameHeader(UdpFrameFlags.Encrypted, 0, 1, 2), Protected.AsSpan(0, 12), 3),
        ["TlvReader"] = () =>
        {
            TlvReader reader = new(ClearFrame.AsSpan(UdpFrame.HeaderSize));
            while (reader.TryReadNext(out _, out _))
            {
                // each
            }
        },
        ["TlvWriter"] = () =>
        {
            TlvWriter writer = new(Room);
            writer.TryWriteU64(TlvType.RoundTrip, 1);
            writer.TryWriteU32(TlvType.LossRate, 2);
            writer.TryWriteU8(TlvType.HopCount, 3);
            writer.TryWrite(TlvType.Custom, Protected);
        },
        ["UdpOptionView.TryRead"] = () => UdpOptionView.TryRead(Surplus, true, UdpOption.DefaultExId, out _),
        ["UdpOption.WriteClear"] = () => UdpOption.WriteClear(Room, true, 1, Metrics),
        ["UdpOption.WriteProtected"] = () =>
            UdpOption.WriteProtected(Room, false, AssociatedData, Protected.AsSpan(0, 16), Protected.AsSpan(0, 16)),
        ["UdpSurplus.TryFind"] = () => UdpSurplus.TryFind(PacketOf(Packet), out _),
        ["PdmOptions"] = () =>
        {
            foreach (PdmOptionInPacket option in new PdmOptions(PacketOf(Packet)))
                _ = option.Form;
        },
        ["Ipv6PacketView.TryGetFlow"] = () => PacketOf(Packet).TryGetFlow(out _),
        ["UpperLayerFields.TryRead"] = () => UpperLayerFields.TryRead(NextHeader.Udp, PacketOf(Packet).UpperLayer, out _),
        ["InternetChecksum.TryVerify"] = () => InternetChecksum.TryVerify(PacketOf(Packet), out _),
        ["InternetChecksum.ForUdp"] = () => InternetChecksum.ForUdp(default, default, Packet),
        ["DestinationOptionsMerge.TryMerge"] = () => DestinationOptionsMerge.TryMerge(Plain, Protected, Room, out _),
        ["ObservationRecord.TryRead"] = () => ObservationRecord.TryRead(Record, out _),
        ["ObservationRecord.Write"] = () => ObservationRecord.Write(Room, Seen),
        ["FlowKey"] = () =>
        {
            default(FlowKey).Write(Room);
            FlowKey.Read(Room).TryReverse(out _);
        },
    };

    [Theory]
    [MemberData(nameof(Names))]
    public void Operation_Repeated_AllocatesNothing(string name)
    {
        Action operation = Operations[name];
        operation(); // what the first call needs of the runtime is no part of it
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 1000; i++)
            operation();
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Fact]
    public void Count_OneOctetArray_IsSeen()
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        GC.KeepAlive(new byte[1]);
        Assert.NotEqual(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    private static Ipv6PacketView PacketOf(byte[] octets)
    {
        Assert.True(Ipv6PacketView.TryRead(octets, out Ipv6PacketView packet));
        return packet;
    }

    private static byte[] MadeBy(Func<byte[], int> write)
    {
        byte[] room = new byte[100];
        return room[..write(room)];
    }

    private static byte[] MadeBy(Action<byte[]> write, int size)
    {
        byte[] room = new byte[size];
        write(room);
        return room;
    }
}
