namespace Pdm6.Wire;

/// <summary>The last Destination Options header of a packet, the one before the upper layer; or the place for it.</summary>
/// <param name="Offset">Where it begins in the packet.</param>
/// <param name="Size">Its octets; 0 if there is none.</param>
/// <param name="UsedSize">Its octets up to the end of its last option, trailing padding not counted.</param>
/// <param name="OptionCount">Its options, padding not counted.</param>
/// <param name="NextHeaderOffset">Where the Next Header octet stands that names what comes at
/// <paramref name="Offset"/>.</param>
internal readonly record struct LastOptionsHeader(int Offset, int Size, int UsedSize, int OptionCount, int NextHeaderOffset)
{
    /// <summary>Finds it; false if an option runs past the end of any options header of the packet.</summary>
    internal static bool TryFind(in Ipv6PacketView packet, out LastOptionsHeader last)
    {
        int end = Ipv6PacketView.FixedHeaderSize, namedAt = Ipv6PacketView.NextHeaderOffset;
        last = PlaceAt(end, namedAt);
        foreach (ExtensionHeader header in packet.ExtensionHeaders)
        {
            HeaderOptions.Enumerator walk = header.Options.GetEnumerator();
            int usedSize = HeaderOptions.Offset, count = 0;
            for (; walk.MoveNext(); count++)
                usedSize = HeaderOptions.Offset + walk.End;
            if (walk.IsMalformed)
                return false;
            int begin = end;
            end += header.Octets.Length;
            last = header.Type == NextHeader.DestinationOptions
                ? new LastOptionsHeader(begin, header.Octets.Length, usedSize, count, namedAt)
                : PlaceAt(end, begin);
            namedAt = begin;
        }
        return true;
    }

    private static LastOptionsHeader PlaceAt(int offset, int namedAt) => new(offset, 0, HeaderOptions.Offset, 0, namedAt);
}
