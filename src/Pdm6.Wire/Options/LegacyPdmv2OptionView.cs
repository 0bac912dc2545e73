using System.Buffers.Binary;

namespace Pdm6.Wire;

/// <summary>
/// A PDMv2 option of drafts 11 to 14, seen in place: the option type of PDMv1 with version 2 behind the length. It is
/// read to be shown, never written and never opened: those drafts do not say how a tag is made. Made by
/// <see cref="TryRead"/> only; after that no accessor can run past the end. The fields stand as in
/// <see cref="Pdmv2OptionView"/>; a tag may be short (option length 34: 12 octets) or whole (38: 16 octets).
/// </summary>
public readonly ref struct LegacyPdmv2OptionView
{
    /// <summary>Option length of the clear form.</summary>
    public const byte ClearLength = Pdmv2OptionView.ClearLength;
    /// <summary>Option length of the protected form whose tag has 12 octets.</summary>
    public const byte ShortTagLength = 34;
    /// <summary>Option length of the protected form whose tag has 16 octets.</summary>
    public const byte WholeTagLength = Pdmv2OptionView.ProtectedLength;

    private readonly ReadOnlySpan<byte> _option;

    private LegacyPdmv2OptionView(ReadOnlySpan<byte> option) => _option = option;

    /// <summary>Reads an option whose type octet is taken as given. Anything but <see cref="Pdmv2ReadStatus.Ok"/>
    /// leaves <paramref name="view"/> empty.</summary>
    public static Pdmv2ReadStatus TryRead(ReadOnlySpan<byte> option, out LegacyPdmv2OptionView view)
    {
        view = default;
        Pdmv2ReadStatus status = Pdmv2OptionView.CheckVersion(option);
        if (status != Pdmv2ReadStatus.Ok)
            return status;
        if (option[1] is not (ClearLength or ShortTagLength or WholeTagLength))
            return Pdmv2ReadStatus.Malformed;
        view = new LegacyPdmv2OptionView(option[..(option[1] + 2)]);
        return Pdmv2ReadStatus.Ok;
    }

    /// <summary>True for the protected forms.</summary>
    public bool IsProtected => _option[1] != ClearLength;
    /// <summary>The 12-bit key selector.</summary>
    public ushort Epoch => (ushort)(BinaryPrimitives.ReadUInt16BigEndian(_option[2..]) & Pdmv2OptionView.EpochMask);
    /// <summary>Packet Sequence Number This Packet.</summary>
    public uint Psntp => BinaryPrimitives.ReadUInt32BigEndian(_option[4..]);
    /// <summary>The metric block: plaintext in the clear form, ciphertext in the protected ones.</summary>
    public ReadOnlySpan<byte> MetricBlock => _option.Slice(Pdmv2OptionView.AssociatedDataSize, PdmMetrics.Size);
    /// <summary>The tag, 12 or 16 octets; empty in the clear form.</summary>
    public ReadOnlySpan<byte> Tag => _option[Pdmv2OptionView.ClearSize..];
    /// <summary>The whole option.</summary>
    public ReadOnlySpan<byte> Octets => _option;
}
