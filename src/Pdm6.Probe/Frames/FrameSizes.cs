using Pdm6.Wire;

namespace Pdm6.Probe.Frames;

/// <summary>How large requests and replies are.</summary>
internal static class FrameSizes
{
    private const int Number8 = Tlv.HeaderSize + sizeof(ulong), Number4 = Tlv.HeaderSize + sizeof(uint), Number1 = Tlv.HeaderSize + 1;

    /// <summary>The reply with everything in it: RECEIVE_TIME, SEND_TIME, the report, HOP_COUNT, JITTER, LOSS_RATE.</summary>
    internal const int WholeReply = UdpFrame.SealedOverhead + 3 * Number8 + Number4 + Number1 + Tlv.HeaderSize + ReplyReport.Size;

    /// <summary>The smallest request of our prober: the whole reply must fit into it.</summary>
    internal const int SmallestRequest = WholeReply;

    /// <summary>The largest frame: what an Ethernet jumbo frame carries behind IPv6 and UDP.</summary>
    internal const int Largest = 9000 - 48;
}
