namespace Pdm6.Wire;

/// <summary>The last Destination Options header of a packet, the one before the upper layer; or the place for it.</summary>
/// <param name="Offset">Where it begins in the packet.</param>
/// <param name="Size">Its octets; 0 if there is none.</param>
/// <param name="UsedSize">Its octets up to the end of its last option, trailing padding not counted.</param>
/// <param name="NextHeaderOffset">Where the Next Header octet stands that names what comes at
/// <paramref name="Offset"/>.</param>
internal readonly record struct LastOptionsHeader(int Offset, int Size, int UsedSize, int NextHeaderOffset)
{
    /// <summary>Octets before the first option: Next Header and Hdr Ext Len.</summary>
    internal const int OptionsOffset = 2;

    /// <summary>Finds it; false if an option runs past its end.</summary>
    internal static bool TryFind(in Ipv6PacketView packet, out LastOptionsHeader last)
    {
        int end = Ipv6PacketView.FixedHeaderSize, begin = end, namedAt = Ipv6PacketView.NextHeaderOffset, namedBefore = namedAt;
        ExtensionHeader header = default;
        foreach (ExtensionHeader next in packet.ExtensionHeaders)
        {
            header = next;
            (begin, end) = (end, end + header.Octets.Length);
            (namedBefore, namedAt) = (namedAt, begin);
        }
        last = new LastOptionsHeader(end, 0, OptionsOffset, namedAt);
        if (header.Type != NextHeader.DestinationOptions)
            return true;
        HeaderOptions.Enumerator walk = header.Options.GetEnumerator();
        int usedSize = OptionsOffset;
        while (walk.MoveNext())
            usedSize = OptionsOffset + walk.End;
        last = new LastOptionsHeader(begin, header.Octets.Length, usedSize, namedBefore);
        return !walk.IsMalformed;
    }
}
