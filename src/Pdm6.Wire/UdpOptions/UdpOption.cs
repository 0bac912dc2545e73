using System.Buffers.Binary;

namespace Pdm6.Wire;

/// <summary>
/// The surplus area that pdm6 puts behind a UDP datagram: a pad, a checksum, and PDMv2 as an experimental UDP option
/// (RFC 9868 sections 8, 9 and 11.9; protocol reference, section 5).
/// <code>
/// |  0: a pad, only if the area would begin at an odd offset      |
/// |    Option Checksum            |   Kind = 127  |    Length     |   0
/// |            ExID               | Version |        Epoch        |   4
/// |             Packet Sequence Number This Packet                |   8
/// |     metric block, 16 octets: clear, or encrypted              |  12
/// |     protected form only: authentication tag, 16 octets        |  28
/// </code>
/// The tag binds the 10 octets from the kind to PSNTP. The checksum is the complement of the one's-complement sum from
/// the checksum field (as 0) to the end, plus the length of the area with its pad; 0 is sent as FFFF.
/// </summary>
public static class UdpOption
{
    /// <summary>The kind: experimental.</summary>
    public const byte Kind = UdpOptionKind.Experimental;
    /// <summary>Default ExID; a setting.</summary>
    public const ushort DefaultExId = 0x504d;
    /// <summary>The length octet of the clear form: the whole option.</summary>
    public const byte ClearLength = 26;
    /// <summary>The length octet of the protected form: the whole option.</summary>
    public const byte ProtectedLength = 42;
    /// <summary>Octets of an area with the clear form alone, without a pad.</summary>
    public const int ClearSurplusSize = ChecksumSize + ClearLength;
    /// <summary>Octets of an area with the protected form alone, without a pad.</summary>
    public const int ProtectedSurplusSize = ChecksumSize + ProtectedLength;
    /// <summary>Octets of associated data: kind to PSNTP.</summary>
    public const int AssociatedDataSize = 10;

    internal const int ChecksumSize = 2;
    internal const int ExIdOffset = 2;
    internal const int VersionOffset = 4;
    internal const int TagOffset = AssociatedDataSize + PdmMetrics.Size;

    /// <summary>Writes the 10 octets from the kind to PSNTP, which the tag of the protected form binds.</summary>
    /// <exception cref="ArgumentOutOfRangeException">An epoch of more than 12 bits, or fewer than 10 octets: a caller's
    /// mistake.</exception>
    public static void WriteAssociatedData(Span<byte> destination, bool isProtected, ushort exId, ushort epoch, uint psntp)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(destination.Length, AssociatedDataSize, nameof(destination));
        destination[0] = Kind;
        destination[1] = isProtected ? ProtectedLength : ClearLength;
        BinaryPrimitives.WriteUInt16BigEndian(destination[ExIdOffset..], exId);
        Pdmv2OptionView.WriteVersionToPsntp(destination[VersionOffset..], epoch, psntp);
    }

    /// <summary>Writes a whole surplus area with a clear option; its epoch is 0.</summary>
    /// <returns>Octets written: 28, or 29 with a pad.</returns>
    /// <exception cref="ArgumentOutOfRangeException">No room for them: a caller's mistake.</exception>
    public static int WriteClear(
        Span<byte> surplus, bool startsAtOddOffset, uint psntp, in PdmMetrics metrics, ushort exId = DefaultExId)
    {
        Span<byte> area = Take(surplus, startsAtOddOffset, ClearSurplusSize);
        Span<byte> option = area[^ClearLength..];
        WriteAssociatedData(option, isProtected: false, exId, epoch: 0, psntp);
        metrics.Write(option[AssociatedDataSize..]);
        return Finish(area, startsAtOddOffset);
    }

    /// <summary>Writes a whole surplus area with a protected option.</summary>
    /// <param name="surplus">Where to.</param>
    /// <param name="startsAtOddOffset">See <see cref="UdpSurplus.StartsAtOddOffset"/>.</param>
    /// <param name="associatedData">10 octets, as <see cref="WriteAssociatedData"/> makes them.</param>
    /// <param name="ciphertext">The 16 octets of the encrypted metric block.</param>
    /// <param name="tag">The 16 octets of the tag.</param>
    /// <returns>Octets written: 44, or 45 with a pad.</returns>
    /// <exception cref="ArgumentOutOfRangeException">No room for them, or a part of another size: a caller's
    /// mistake.</exception>
    /// <exception cref="ArgumentException">Associated data of another option or form, which the tag would contradict: a
    /// caller's mistake.</exception>
    public static int WriteProtected(
        Span<byte> surplus, bool startsAtOddOffset, ReadOnlySpan<byte> associatedData, ReadOnlySpan<byte> ciphertext,
        ReadOnlySpan<byte> tag)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(associatedData.Length, AssociatedDataSize, nameof(associatedData));
        ArgumentOutOfRangeException.ThrowIfNotEqual(ciphertext.Length, PdmMetrics.Size, nameof(ciphertext));
        ArgumentOutOfRangeException.ThrowIfNotEqual(tag.Length, Pdmv2OptionView.TagSize, nameof(tag));
        if (associatedData[0] != Kind || associatedData[1] != ProtectedLength)
            throw new ArgumentException("This is not the associated data of a protected option.", nameof(associatedData));
        Span<byte> area = Take(surplus, startsAtOddOffset, ProtectedSurplusSize);
        Span<byte> option = area[^ProtectedLength..];
        associatedData.CopyTo(option);
        ciphertext.CopyTo(option[AssociatedDataSize..]);
        tag.CopyTo(option[TagOffset..]);
        return Finish(area, startsAtOddOffset);
    }

    /// <summary>Puts the checksum into a surplus area whose options are written.</summary>
    /// <param name="surplus">All of the area.</param>
    /// <param name="startsAtOddOffset">See <see cref="UdpSurplus.StartsAtOddOffset"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException">No room for the checksum: a caller's mistake.</exception>
    public static void WriteChecksum(Span<byte> surplus, bool startsAtOddOffset)
    {
        Span<byte> summed = surplus[PadSize(startsAtOddOffset)..];
        BinaryPrimitives.WriteUInt16BigEndian(summed, 0);
        ushort checksum = (ushort)~InternetChecksum.Fold(InternetChecksum.Sum(summed) + (uint)surplus.Length);
        BinaryPrimitives.WriteUInt16BigEndian(summed, checksum == 0 ? ushort.MaxValue : checksum);
    }

    /// <summary>
    /// Checks the pad and the checksum of a surplus area and gives the options behind them; false if they are to be
    /// ignored. A checksum of 0 means "not used" (RFC 9868 section 9) and is right only where the UDP checksum is 0
    /// too, which IPv6 does not allow here.
    /// </summary>
    internal static bool TryFindOptions(
        ReadOnlySpan<byte> surplus, bool startsAtOddOffset, out ReadOnlySpan<byte> options)
    {
        options = default;
        int pad = PadSize(startsAtOddOffset);
        if (surplus.Length < pad + ChecksumSize || (startsAtOddOffset && surplus[0] != 0))
            return false;
        ReadOnlySpan<byte> summed = surplus[pad..];
        if (BinaryPrimitives.ReadUInt16BigEndian(summed) == 0
            || InternetChecksum.Fold(InternetChecksum.Sum(summed) + (uint)surplus.Length) != ushort.MaxValue)
            return false;
        options = summed[ChecksumSize..];
        return true;
    }

    /// <summary>Where the first option stands in a surplus area.</summary>
    internal static int OptionOffset(bool startsAtOddOffset) => PadSize(startsAtOddOffset) + ChecksumSize;

    private static int PadSize(bool startsAtOddOffset) => startsAtOddOffset ? 1 : 0;

    private static Span<byte> Take(Span<byte> surplus, bool startsAtOddOffset, int size)
    {
        size += PadSize(startsAtOddOffset);
        ArgumentOutOfRangeException.ThrowIfLessThan(surplus.Length, size, nameof(surplus));
        return surplus[..size];
    }

    private static int Finish(Span<byte> area, bool startsAtOddOffset)
    {
        if (startsAtOddOffset)
            area[0] = 0;
        WriteChecksum(area, startsAtOddOffset);
        return area.Length;
    }
}
