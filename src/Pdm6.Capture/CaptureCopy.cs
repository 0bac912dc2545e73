using System.Buffers.Binary;

namespace Pdm6.Capture;

/// <summary>Copies a capture piece by piece to pcapng: blocks as they are, frames also with other octets; what a pcap
/// file says of its frames goes into blocks.</summary>
internal sealed class CaptureCopy(PcapngWriter writer)
{
    private const int SectionLengthOffset = 16;
    private const int CapturedOffset = 20;
    private const int OriginalOffset = 24;

    /// <summary>Copies a piece as it is.</summary>
    public void Copy(in CapturePiece piece, ICaptureFormat format)
    {
        switch (format)
        {
            case PcapngFormat when IsSection(piece):
                CopySection(piece);
                break;
            case PcapngFormat:
                writer.WriteRaw(piece.Octets);
                break;
            case PcapFormat pcap when !piece.HoldsFrame:
                writer.BeginSection("pdm6");
                writer.AddInterface(pcap.LinkType, pcap.SnapLength);
                break;
            default:
                CopyWith(piece, piece.Frame.Octets);
                break;
        }
    }

    /// <summary>Copies a frame with other octets in the place of its own.</summary>
    public void CopyWith(in CapturePiece piece, ReadOnlySpan<byte> octets)
    {
        uint original = (uint)Math.Max(0, (long)piece.Frame.OriginalLength - piece.Frame.Octets.Length + octets.Length);
        if (piece.FrameOffset == PcapngFormat.EnhancedPacketHeaderSize)
            CopyEnhancedPacket(piece, octets, original);
        else if (piece.FrameOffset == PcapngFormat.SimplePacketHeaderSize)
            CopySimplePacket(piece, octets, original);
        else
            writer.WritePacket(0, piece.Frame.TimestampNs, octets, original);
    }

    private static bool IsSection(in CapturePiece piece) =>
        BinaryPrimitives.ReadUInt32BigEndian(piece.Octets) == PcapngFormat.SectionHeader;

    /// <summary>A section says how long it is, which may no longer hold: it may also say that it does not say.</summary>
    private void CopySection(in CapturePiece piece)
    {
        byte[] section = piece.Octets.ToArray();
        section.AsSpan(SectionLengthOffset, sizeof(long)).Fill(byte.MaxValue);
        writer.WriteRaw(section);
    }

    private void CopyEnhancedPacket(in CapturePiece piece, ReadOnlySpan<byte> octets, uint original)
    {
        int optionsOffset = PcapngFormat.EnhancedPacketHeaderSize + Padded(piece.Frame.Octets.Length);
        // A writer that leaves out the padding of the last field leaves no room for options either.
        ReadOnlySpan<byte> options = piece.Octets[Math.Min(optionsOffset, piece.Octets.Length - 4)..^4];
        int size = PcapngFormat.EnhancedPacketHeaderSize + Padded(octets.Length) + options.Length + 4;
        Span<byte> block = writer.WriteRaw(size);
        block.Clear();
        piece.Octets[..PcapngFormat.EnhancedPacketHeaderSize].CopyTo(block);
        octets.CopyTo(block[PcapngFormat.EnhancedPacketHeaderSize..]);
        options.CopyTo(block[^(options.Length + 4)..]);
        WriteU32(block[CapturedOffset..], (uint)octets.Length, piece.IsBigEndian);
        WriteU32(block[OriginalOffset..], original, piece.IsBigEndian);
        WriteSize(block, piece.IsBigEndian);
    }

    private void CopySimplePacket(in CapturePiece piece, ReadOnlySpan<byte> octets, uint original)
    {
        Span<byte> block = writer.WriteRaw(PcapngFormat.SimplePacketHeaderSize + Padded(octets.Length) + 4);
        block.Clear();
        piece.Octets[..PcapngFormat.SimplePacketHeaderSize].CopyTo(block);
        octets.CopyTo(block[PcapngFormat.SimplePacketHeaderSize..]);
        WriteU32(block[PcapngFormat.BlockHeaderSize..], original, piece.IsBigEndian);
        WriteSize(block, piece.IsBigEndian);
    }

    private static void WriteSize(Span<byte> block, bool isBigEndian)
    {
        WriteU32(block[4..], (uint)block.Length, isBigEndian);
        WriteU32(block[^4..], (uint)block.Length, isBigEndian);
    }

    private static int Padded(int size) => size + 3 & ~3;

    private static void WriteU32(Span<byte> destination, uint value, bool isBigEndian) =>
        BinaryPrimitives.WriteUInt32BigEndian(destination, isBigEndian ? value : BinaryPrimitives.ReverseEndianness(value));
}
