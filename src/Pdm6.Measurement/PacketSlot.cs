using Pdm6.Wire;

namespace Pdm6.Measurement;

/// <summary>One number of one direction: its packet if observed, and who of the other direction waits for it.</summary>
internal struct PacketSlot
{
    // From the long to the short, so that there are no gaps.
    public UInt128 Context;
    /// <summary><see cref="Direction.Id"/> when the slot was taken: directions are recycled. A number, so that the
    /// collector of garbage need not look at a million slots.</summary>
    public ulong OwnerId;
    public long EpochIndex;
    public ulong ObservedAtNs;

    public uint Psntp;
    /// <summary>Of owner and number; its low bits are the bucket.</summary>
    public int Hash;
    /// <summary>Next slot of the same bucket, plus 1; 0 ends the chain.</summary>
    public int Next;
    public uint Psnlr;
    public PdmTime DeltaTimeLastReceived;
    public PdmTime DeltaTimeLastSent;
    public uint TcpSequence;
    /// <summary>The packet that names this number and ends a round trip.</summary>
    public uint RoundTripNamer;
    /// <summary>The packet that names this number and may answer it.</summary>
    public uint AnswerNamer;

    public ushort PayloadLength;
    public ushort UpperChecksum;
    public PacketMarks Marks;

    public readonly bool Has(PacketMarks mark) => (Marks & mark) != 0;

    /// <summary>The sender had received nothing: its PSNLR of 0 is not the number 0.</summary>
    public readonly bool IsSilent => Psnlr == 0 && DeltaTimeLastReceived.IsZero;

    /// <summary>Both packets answer the same packet of the other direction.</summary>
    public readonly bool NamesSameAs(in PacketSlot other) => Psnlr == other.Psnlr && IsSilent == other.IsSilent;

    /// <summary>True if this is the packet itself, not another one that came to carry the same number.</summary>
    public readonly bool IsNumberOf(in MeasuredPacket packet) =>
        Has(PacketMarks.Observed) && EpochIndex == packet.EpochIndex && Context == packet.Context;

    /// <summary>True if <paramref name="copy"/>, of this number, is the same packet; else both are segments of one
    /// super-packet (section 8).</summary>
    public readonly bool IsSamePacketAs(in MeasuredPacket copy) =>
        copy.Flow.Protocol != NextHeader.Tcp
        || (TcpSequence == copy.TcpSequence && PayloadLength == copy.PayloadLength && UpperChecksum == copy.UpperChecksum);

    public void Fill(in MeasuredPacket packet)
    {
        Marks = (Marks & (PacketMarks.HasRoundTripNamer | PacketMarks.HasAnswerNamer)) | PacketMarks.Observed
            | (packet.Accepted ? PacketMarks.Accepted : PacketMarks.None);
        PayloadLength = packet.PayloadLength;
        UpperChecksum = packet.UpperChecksum;
        TcpSequence = packet.TcpSequence;
        Psnlr = packet.Metrics.Psnlr;
        DeltaTimeLastReceived = packet.Metrics.DeltaTimeLastReceived;
        DeltaTimeLastSent = packet.Metrics.DeltaTimeLastSent;
        EpochIndex = packet.EpochIndex;
        ObservedAtNs = packet.ObservedAtNs;
        Context = packet.Context;
    }
}
