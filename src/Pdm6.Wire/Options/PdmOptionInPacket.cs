namespace Pdm6.Wire;

/// <summary>A PDM option where it stands in a packet, made by <see cref="PdmOptions"/>.</summary>
public readonly ref struct PdmOptionInPacket
{
    internal PdmOptionInPacket(PdmOptionForm form, bool isUdpOption, ReadOnlySpan<byte> octets)
    {
        Form = form;
        IsUdpOption = isUdpOption;
        Octets = octets;
    }

    /// <summary>What it is; never <see cref="PdmOptionForm.None"/>.</summary>
    public PdmOptionForm Form { get; }

    /// <summary>False: a destination option, type octet first. True: a UDP option, kind octet first, or all of the
    /// surplus area if the form is <see cref="PdmOptionForm.Malformed"/> or
    /// <see cref="PdmOptionForm.UnknownVersion"/>.</summary>
    public bool IsUdpOption { get; }

    /// <summary>Its octets, a part of the packet; of an option that runs past the end of its header, those that are
    /// there.</summary>
    public ReadOnlySpan<byte> Octets { get; }
}
