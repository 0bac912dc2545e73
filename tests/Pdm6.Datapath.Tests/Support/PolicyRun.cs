using System.Buffers.Binary;
using Pdm6.Wire;

namespace Pdm6.Datapath.Tests;

/// <summary>Runs the egress program on a packet and tells by its counters which rule it took.</summary>
internal static class PolicyRun
{
    // struct __sk_buff, include/uapi/linux/bpf.h
    private const int MarkOffset = 8, InterfaceOffset = 40, ContextSize = 44;

    /// <summary>The rule that the program finds, and whether its sampling takes the flow; null: none.</summary>
    internal static (int Rule, bool IsSampled)? Decide(KernelDatapath datapath, PolicyPacket packet)
    {
        DatapathCounters before = datapath.ReadCounters();
        byte[] context = new byte[ContextSize];
        BinaryPrimitives.WriteUInt32LittleEndian(context.AsSpan(MarkOffset), packet.Mark);
        BinaryPrimitives.WriteInt32LittleEndian(context.AsSpan(InterfaceOffset), packet.Interface);
        datapath.Program("pdm6_egress").TestRun(Frame(packet), context: context);
        DatapathCounters after = datapath.ReadCounters();

        (int, bool)? decided = null;
        for (int rule = 0; rule < PolicyTables.MaxRules; rule++)
            foreach (PacketOutcome outcome in (PacketOutcome[])[PacketOutcome.Selected, PacketOutcome.NotSampled])
                if (after.OfRule(rule, outcome) != before.OfRule(rule, outcome))
                {
                    Assert.Null(decided);
                    decided = (rule, outcome == PacketOutcome.Selected);
                }
        return decided;
    }

    /// <summary>The packet as it leaves: 20 octets behind the fixed header.</summary>
    internal static byte[] Frame(PolicyPacket packet)
    {
        byte[] frame = TestPackets.Udp(new AddressPair(packet.Flow.Source, packet.Flow.Destination), packet.Flow.SourcePort, packet.Flow.DestinationPort, 12);
        BinaryPrimitives.WriteUInt32BigEndian(frame.AsSpan(14), 6u << 28 | (uint)packet.Dscp << 22);
        frame[14 + 6] = packet.Flow.Protocol;
        if (packet.Flow.Protocol == NextHeader.Icmpv6)
        {
            BinaryPrimitives.WriteUInt16BigEndian(frame.AsSpan(56), 0);
            BinaryPrimitives.WriteUInt16BigEndian(frame.AsSpan(58), packet.Flow.DestinationPort); // the identifier
        }
        return frame;
    }
}
