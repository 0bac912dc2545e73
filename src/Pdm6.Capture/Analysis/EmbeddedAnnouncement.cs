using System.Buffers.Binary;

namespace Pdm6.Capture.Analysis;

/// <summary>Announcements inside a pcapng file, as <see cref="PcapngWriter.WriteCustom"/> puts them there.</summary>
internal static class EmbeddedAnnouncement
{
    private const int EnterpriseOffset = PcapngFormat.BlockHeaderSize;
    private const int MagicOffset = EnterpriseOffset + 4;
    private const int KindOffset = MagicOffset + 4;
    private const int LengthOffset = KindOffset + 4;
    private const int ContentOffset = LengthOffset + 4;

    /// <summary>Finds the announcement's JSON in a piece of a capture.</summary>
    public static bool TryFind(in CapturePiece piece, out ReadOnlySpan<byte> json)
    {
        json = default;
        ReadOnlySpan<byte> block = piece.Octets;
        // Sections of ours are little-endian.
        if (block.Length < ContentOffset + 4 || piece.IsBigEndian
            || BinaryPrimitives.ReadUInt32LittleEndian(block) != PcapngWriter.CustomBlock
            || BinaryPrimitives.ReadUInt32LittleEndian(block[EnterpriseOffset..]) != PcapngWriter.EnterpriseNumber
            || !block[MagicOffset..].StartsWith(PcapngWriter.CustomBlockMagic)
            || BinaryPrimitives.ReadUInt32LittleEndian(block[KindOffset..]) != (uint)CustomBlockKind.Announcement)
            return false;
        uint length = BinaryPrimitives.ReadUInt32LittleEndian(block[LengthOffset..]);
        if (length > block.Length - ContentOffset - 4)
            return false;
        json = block.Slice(ContentOffset, (int)length);
        return true;
    }
}
