using System.Buffers.Binary;
using Pdm6.Wire;

namespace Pdm6.Capture.Decryption;

/// <summary>Writes opened measurements into a frame in their clear form, in place of the protected one. Checksums that
/// were right stay right, and those that were wrong stay wrong.</summary>
internal static class ClearForms
{
    private const int Removed = Pdmv2OptionView.ProtectedSize - Pdmv2OptionView.ClearSize;
    private const int UdpHeaderSize = 8;
    private const int UdpLengthOffset = 4;
    private const int UdpChecksumOffset = 6;
    private const int HeaderLengthUnit = 8;

    /// <summary>A destination option: 40 octets become 24, and their header is two units shorter.</summary>
    public static bool TryWriteOption(FrameEdit edit, int offset, uint psntp, in PdmMetrics metrics)
    {
        int header = edit.HeaderAround(offset);
        byte type = edit.Octets[offset];
        if (!edit.TryRemove(offset + Pdmv2OptionView.ClearSize, Removed))
            return false;
        Span<byte> option = edit.Octets[offset..];
        Pdmv2OptionView.WriteHeader(option, type, isProtected: false, epoch: 0, psntp);
        metrics.Write(option[Pdmv2OptionView.AssociatedDataSize..]);
        edit.Octets[header + 1] -= Removed / HeaderLengthUnit;
        return true;
    }

    /// <summary>A UDP option: 42 octets become 26, and the checksum of the surplus area is made again.</summary>
    /// <param name="edit">The frame.</param>
    /// <param name="offset">Where the option begins.</param>
    /// <param name="surplus">Where the surplus area begins.</param>
    /// <param name="surplusSize">Octets of the area before.</param>
    /// <param name="startsAtOddOffset">See <see cref="UdpSurplus.StartsAtOddOffset"/>.</param>
    /// <param name="psntp">The number.</param>
    /// <param name="metrics">What was opened.</param>
    public static bool TryWriteUdpOption(
        FrameEdit edit, int offset, int surplus, int surplusSize, bool startsAtOddOffset, uint psntp, in PdmMetrics metrics)
    {
        ushort exId = BinaryPrimitives.ReadUInt16BigEndian(edit.Octets[(offset + 2)..]);
        if (!edit.TryRemove(offset + UdpOption.ClearLength, UdpOption.ProtectedLength - UdpOption.ClearLength))
            return false;
        Span<byte> option = edit.Octets[offset..];
        UdpOption.WriteAssociatedData(option, isProtected: false, exId, epoch: 0, psntp);
        metrics.Write(option[UdpOption.AssociatedDataSize..]);
        UdpOption.WriteChecksum(
            edit.Octets.Slice(surplus, surplusSize - (UdpOption.ProtectedLength - UdpOption.ClearLength)), startsAtOddOffset);
        return true;
    }

    /// <summary>A udp-frame: nonce, length and tag go, and the TLVs follow the header.</summary>
    /// <param name="edit">The frame of the capture.</param>
    /// <param name="offset">Where the payload of the datagram begins.</param>
    /// <param name="size">Octets of the payload.</param>
    /// <param name="tlvs">What was opened.</param>
    public static bool TryWriteFrame(FrameEdit edit, int offset, int size, ReadOnlySpan<byte> tlvs)
    {
        int udp = offset - UdpHeaderSize;
        ulong before = InternetChecksum.Sum(edit.Octets.Slice(udp, UdpHeaderSize + size)) + (uint)(UdpHeaderSize + size);
        if (!edit.TryRemove(offset + UdpFrame.HeaderSize + tlvs.Length, size - UdpFrame.HeaderSize - tlvs.Length))
            return false;
        Span<byte> datagram = edit.Octets.Slice(udp, UdpHeaderSize + UdpFrame.HeaderSize + tlvs.Length);
        datagram[UdpHeaderSize + 1] &= unchecked((byte)~UdpFrameFlags.Encrypted);
        tlvs.CopyTo(datagram[(UdpHeaderSize + UdpFrame.HeaderSize)..]);
        BinaryPrimitives.WriteUInt16BigEndian(datagram[UdpLengthOffset..], (ushort)datagram.Length);
        ulong after = InternetChecksum.Sum(datagram) + (uint)datagram.Length;
        WriteUpdatedChecksum(datagram[UdpChecksumOffset..], before, after);
        return true;
    }

    /// <summary>RFC 1624: what the sum of the data lost and won, the checksum wins and loses. Both sums hold the old
    /// checksum itself, so it falls out; and the pseudo-header's length.</summary>
    private static void WriteUpdatedChecksum(Span<byte> checksum, ulong before, ulong after)
    {
        ushort old = BinaryPrimitives.ReadUInt16BigEndian(checksum);
        if (old == 0)
            return; // none
        ulong sum = (ushort)~old + after + (ushort)~InternetChecksum.Fold(before);
        ushort updated = (ushort)~InternetChecksum.Fold(sum);
        BinaryPrimitives.WriteUInt16BigEndian(checksum, updated == 0 ? ushort.MaxValue : updated);
    }
}
