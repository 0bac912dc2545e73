using System.Buffers.Binary;

namespace Pdm6.Wire;

/// <summary>PDMv2 as a UDP option, seen in place; see <see cref="UdpOption"/> for its fields. Made by
/// <see cref="TryRead"/> only; after that no accessor can run past the end.</summary>
public readonly ref struct UdpOptionView
{
    private readonly ReadOnlySpan<byte> _option;

    private UdpOptionView(ReadOnlySpan<byte> option) => _option = option;

    /// <summary>
    /// Reads the one PDM option of a surplus area. Other options are walked over as RFC 9868 section 10 says; a
    /// fragment of another datagram (section 11.4) is not looked into. Anything but <see cref="UdpOptionReadStatus.Ok"/>
    /// leaves <paramref name="view"/> empty.
    /// </summary>
    /// <param name="surplus">All of the area, see <see cref="UdpSurplus"/>.</param>
    /// <param name="startsAtOddOffset">See <see cref="UdpSurplus.StartsAtOddOffset"/>.</param>
    /// <param name="exId">The ExID that means PDMv2 here.</param>
    /// <param name="view">The option.</param>
    public static UdpOptionReadStatus TryRead(
        ReadOnlySpan<byte> surplus, bool startsAtOddOffset, ushort exId, out UdpOptionView view) =>
        Find(surplus, startsAtOddOffset, exId, out view, out _);

    /// <summary>Reads like <see cref="TryRead"/> and says, too, whether a PDM option was met at all.</summary>
    /// <param name="surplus">All of the area, see <see cref="UdpSurplus"/>.</param>
    /// <param name="startsAtOddOffset">See <see cref="UdpSurplus.StartsAtOddOffset"/>.</param>
    /// <param name="exId">The ExID that means PDMv2 here.</param>
    /// <param name="view">The option.</param>
    /// <param name="hasPdmOption">True if pad and checksum are right and a PDM option stands anywhere behind them, good or
    /// bad: it tells a malformed area of ours from one of others.</param>
    public static UdpOptionReadStatus Find(
        ReadOnlySpan<byte> surplus, bool startsAtOddOffset, ushort exId, out UdpOptionView view, out bool hasPdmOption)
    {
        view = default;
        hasPdmOption = false;
        if (!UdpOption.TryFindOptions(surplus, startsAtOddOffset, out ReadOnlySpan<byte> options))
            return UdpOptionReadStatus.Malformed;
        ReadOnlySpan<byte> found = default;
        bool isMalformed = false;
        UdpOptionList.Enumerator walk = new UdpOptionList(options).GetEnumerator();
        while (walk.MoveNext())
        {
            byte kind = walk.Current[0];
            if (kind == UdpOptionKind.Fragment)
            {
                hasPdmOption = false; // none of this datagram's
                return UdpOptionReadStatus.None;
            }
            isMalformed |= UdpOptionKind.IsUnsafe(kind);
            if (!IsPdm(walk.Current, exId))
                continue;
            isMalformed |= hasPdmOption;
            hasPdmOption = true;
            found = walk.Current;
        }
        hasPdmOption |= IsPdm(walk.Broken, exId);
        if (isMalformed || walk.IsMalformed)
            return UdpOptionReadStatus.Malformed;
        return found.IsEmpty ? UdpOptionReadStatus.None : Check(found, out view);
    }

    /// <summary>Reads an option of which all but kind and length was kept: an <see cref="Observation"/> holds it so.</summary>
    /// <param name="behindLength">From the ExID on.</param>
    /// <param name="option">Receives the whole option, which the view is of: at least 2 octets more.</param>
    /// <param name="view">The option.</param>
    /// <exception cref="ArgumentException">Too little room, or more octets than a length octet can tell: a caller's
    /// mistake.</exception>
    public static UdpOptionReadStatus TryReadObserved(ReadOnlySpan<byte> behindLength, Span<byte> option, out UdpOptionView view)
    {
        int size = UdpOption.ExIdOffset + behindLength.Length;
        if (size >= UdpOptionList.ExtendedLength)
            throw new ArgumentException($"An option of {size} octets has another form.", nameof(behindLength));
        behindLength.CopyTo(option[UdpOption.ExIdOffset..]);
        option[0] = UdpOption.Kind;
        option[1] = (byte)size;
        return Check(option[..size], out view);
    }

    /// <summary>True for the protected form: the option length alone decides.</summary>
    public bool IsProtected => _option[1] == UdpOption.ProtectedLength;
    /// <summary>The ExID that it was found with.</summary>
    public ushort ExId => BinaryPrimitives.ReadUInt16BigEndian(_option[UdpOption.ExIdOffset..]);
    /// <summary>The 12-bit key selector.</summary>
    public ushort Epoch =>
        (ushort)(BinaryPrimitives.ReadUInt16BigEndian(_option[UdpOption.VersionOffset..]) & Pdmv2OptionView.EpochMask);
    /// <summary>Packet Sequence Number This Packet.</summary>
    public uint Psntp => BinaryPrimitives.ReadUInt32BigEndian(_option[(UdpOption.VersionOffset + 2)..]);
    /// <summary>Octets that the tag binds as associated data.</summary>
    public ReadOnlySpan<byte> AssociatedData => _option[..UdpOption.AssociatedDataSize];
    /// <summary>The metric block: plaintext in the clear form, ciphertext in the protected one.</summary>
    public ReadOnlySpan<byte> MetricBlock => _option.Slice(UdpOption.AssociatedDataSize, PdmMetrics.Size);
    /// <summary>The authentication tag; empty in the clear form.</summary>
    public ReadOnlySpan<byte> Tag => _option[UdpOption.TagOffset..];
    /// <summary>The whole option, from its kind on.</summary>
    public ReadOnlySpan<byte> Octets => _option;

    /// <summary>True if the first option of the area, behind any padding, is a PDM option, whatever is wrong with the
    /// area.</summary>
    internal static bool BeginsWithPdm(in UdpSurplus surplus, ushort exId)
    {
        int offset = Math.Min(UdpOption.OptionOffset(surplus.StartsAtOddOffset), surplus.Octets.Length);
        return IsPdm(surplus.Octets[offset..].TrimStart(UdpOptionKind.NoOperation), exId);
    }

    /// <summary>The ExID stands behind the length, be that one octet or, in the extended form, three.</summary>
    private static bool IsPdm(ReadOnlySpan<byte> option, ushort exId)
    {
        if (option.Length < UdpOption.ExIdOffset || option[0] != UdpOption.Kind)
            return false;
        int offset = option[1] == UdpOptionList.ExtendedLength ? UdpOption.ExIdOffset + 2 : UdpOption.ExIdOffset;
        return option.Length >= offset + 2 && BinaryPrimitives.ReadUInt16BigEndian(option[offset..]) == exId;
    }

    private static UdpOptionReadStatus Check(ReadOnlySpan<byte> option, out UdpOptionView view)
    {
        view = default;
        // The version's octet counts only if it lies inside the option, and no form is ever written with an extended length.
        if (option[1] == UdpOptionList.ExtendedLength || option.Length <= UdpOption.VersionOffset)
            return UdpOptionReadStatus.Malformed;
        if (option[UdpOption.VersionOffset] >> 4 != Pdmv2OptionView.Version2)
            return UdpOptionReadStatus.UnknownVersion;
        if (option[1] is not (UdpOption.ClearLength or UdpOption.ProtectedLength))
            return UdpOptionReadStatus.Malformed;
        view = new UdpOptionView(option);
        return UdpOptionReadStatus.Ok;
    }
}
