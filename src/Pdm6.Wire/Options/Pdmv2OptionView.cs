using System.Buffers.Binary;

namespace Pdm6.Wire;

/// <summary>
/// A PDMv2 destination option seen in place (draft-ietf-ippm-encrypted-pdmv2-15, PDMv2 Destination Option). Made by
/// <see cref="TryRead"/> only; after that no accessor can run past the end.
/// <code>
/// |  Option Type  |  Option Len   | Version |        Epoch        |   0
/// |             Packet Sequence Number This Packet                |   4
/// |     metric block, 16 octets: clear, or encrypted              |   8
/// |     protected form only: authentication tag, 16 octets        |  24
/// </code>
/// </summary>
public readonly ref struct Pdmv2OptionView
{
    /// <summary>Default option type: RFC 4727 experiment 0x1E, skipped by who does not know it.</summary>
    public const byte DefaultOptionType = 0x1e;
    /// <summary>Option length of the clear form; the option takes two octets more.</summary>
    public const byte ClearLength = 22;
    /// <summary>Option length of the protected form; the option takes two octets more.</summary>
    public const byte ProtectedLength = 38;
    /// <summary>Octets of the clear form, type and length included.</summary>
    public const int ClearSize = ClearLength + 2;
    /// <summary>Octets of the protected form, type and length included.</summary>
    public const int ProtectedSize = ProtectedLength + 2;
    /// <summary>Octets of associated data: option type to PSNTP.</summary>
    public const int AssociatedDataSize = 8;
    /// <summary>Octets of the authentication tag.</summary>
    public const int TagSize = Aead.TagSize;
    /// <summary>The version that this format carries.</summary>
    public const int Version2 = 2;

    internal const ushort EpochMask = 0x0fff;

    private readonly ReadOnlySpan<byte> _option;

    private Pdmv2OptionView(ReadOnlySpan<byte> option) => _option = option;

    /// <summary>
    /// Reads an option whose type octet is taken as given: the caller knows which type means PDMv2. Anything but
    /// <see cref="Pdmv2ReadStatus.Ok"/> leaves <paramref name="view"/> empty.
    /// </summary>
    public static Pdmv2ReadStatus TryRead(ReadOnlySpan<byte> option, out Pdmv2OptionView view)
    {
        view = default;
        Pdmv2ReadStatus status = CheckVersion(option);
        if (status != Pdmv2ReadStatus.Ok)
            return status;
        if (option[1] is not (ClearLength or ProtectedLength))
            return Pdmv2ReadStatus.Malformed;
        view = new Pdmv2OptionView(option[..(option[1] + 2)]);
        return Pdmv2ReadStatus.Ok;
    }

    /// <summary>The option type octet.</summary>
    public byte OptionType => _option[0];
    /// <summary>True for the protected form: the option length alone decides.</summary>
    public bool IsProtected => _option[1] == ProtectedLength;
    /// <summary>The 12-bit key selector.</summary>
    public ushort Epoch => (ushort)(BinaryPrimitives.ReadUInt16BigEndian(_option[2..]) & EpochMask);
    /// <summary>Packet Sequence Number This Packet.</summary>
    public uint Psntp => BinaryPrimitives.ReadUInt32BigEndian(_option[4..]);
    /// <summary>Octets that the tag binds as associated data.</summary>
    public ReadOnlySpan<byte> AssociatedData => _option[..AssociatedDataSize];
    /// <summary>The metric block: plaintext in the clear form, ciphertext in the protected one.</summary>
    public ReadOnlySpan<byte> MetricBlock => _option.Slice(AssociatedDataSize, PdmMetrics.Size);
    /// <summary>The authentication tag; empty in the clear form.</summary>
    public ReadOnlySpan<byte> Tag => _option[ClearSize..];
    /// <summary>The whole option.</summary>
    public ReadOnlySpan<byte> Octets => _option;

    /// <summary>Writes octets 0..7 of an option: what the tag binds as associated data.</summary>
    /// <exception cref="ArgumentOutOfRangeException">An epoch of more than 12 bits: a caller's mistake.</exception>
    public static void WriteHeader(Span<byte> destination, byte optionType, bool isProtected, ushort epoch, uint psntp)
    {
        destination[0] = optionType;
        destination[1] = isProtected ? ProtectedLength : ClearLength;
        WriteVersionToPsntp(destination[2..], epoch, psntp);
    }

    /// <summary>Version, epoch and PSNTP: six octets that the destination option and the UDP option share.</summary>
    internal static void WriteVersionToPsntp(Span<byte> destination, ushort epoch, uint psntp)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(epoch, EpochMask);
        BinaryPrimitives.WriteUInt16BigEndian(destination, (ushort)((Version2 << 12) | epoch));
        BinaryPrimitives.WriteUInt32BigEndian(destination[2..], psntp);
    }

    /// <summary>Is all of the option there, and is it version 2? The version's octet counts only if it lies inside the
    /// option; then it comes before the length.</summary>
    internal static Pdmv2ReadStatus CheckVersion(ReadOnlySpan<byte> option)
    {
        if (option.Length < 3 || option[1] == 0 || option.Length < option[1] + 2)
            return Pdmv2ReadStatus.Malformed;
        return option[2] >> 4 == Version2 ? Pdmv2ReadStatus.Ok : Pdmv2ReadStatus.UnknownVersion;
    }
}
