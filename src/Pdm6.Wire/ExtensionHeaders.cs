namespace Pdm6.Wire;

/// <summary>
/// The extension headers of one packet, in order (RFC 8200 section 4). A header is given out only if all of it is
/// there; the walk ends at the first thing that is no Hop-by-Hop Options, Routing or Destination Options header.
/// <code>
/// foreach (ExtensionHeader header in new ExtensionHeaders(firstNextHeader, octetsBehindTheFixedHeader)) ...
/// </code>
/// </summary>
public readonly ref struct ExtensionHeaders
{
    private readonly byte _firstNextHeader;
    private readonly ReadOnlySpan<byte> _octets;

    /// <param name="firstNextHeader">Next Header of the fixed header.</param>
    /// <param name="octets">What follows the fixed header.</param>
    public ExtensionHeaders(byte firstNextHeader, ReadOnlySpan<byte> octets)
    {
        _firstNextHeader = firstNextHeader;
        _octets = octets;
    }

    /// <summary>The headers one by one.</summary>
    public Enumerator GetEnumerator() => new(_firstNextHeader, _octets);

    /// <summary>Walks the headers. After the last one it knows where and why the walk ended.</summary>
    public ref struct Enumerator
    {
        private readonly ReadOnlySpan<byte> _octets;
        private int _headerSize;

        internal Enumerator(byte firstNextHeader, ReadOnlySpan<byte> octets)
        {
            _octets = octets;
            NextHeader = firstNextHeader;
        }

        /// <summary>The header at hand.</summary>
        public readonly ExtensionHeader Current => new(HeaderType, _octets.Slice(Offset - _headerSize, _headerSize));

        /// <summary>Its type: the Next Header value that led to it.</summary>
        public byte HeaderType { get; private set; }

        /// <summary>What follows the headers passed so far.</summary>
        public byte NextHeader { get; private set; }

        /// <summary>Octets of the headers passed so far.</summary>
        public int Offset { get; private set; }

        /// <summary>Meaningful once <see cref="MoveNext"/> returned false.</summary>
        public HeaderChainEnd End { get; private set; }

        /// <summary>Goes on to the next extension header; false if there is none.</summary>
        public bool MoveNext()
        {
            if (NextHeader is not (Wire.NextHeader.HopByHop or Wire.NextHeader.Routing or Wire.NextHeader.DestinationOptions))
            {
                End = EndAt(NextHeader);
                return false;
            }
            // Hdr Ext Len counts units of 8 octets, the first one not included.
            int size = _octets.Length - Offset < 2 ? int.MaxValue : (_octets[Offset + 1] + 1) * 8;
            if (size > _octets.Length - Offset)
            {
                End = HeaderChainEnd.CutShort;
                return false;
            }
            HeaderType = NextHeader;
            NextHeader = _octets[Offset];
            Offset += size;
            _headerSize = size;
            return true;
        }

        private static HeaderChainEnd EndAt(byte nextHeader) => nextHeader switch
        {
            Wire.NextHeader.None => HeaderChainEnd.NoNextHeader,
            Wire.NextHeader.Fragment => HeaderChainEnd.Fragment,
            Wire.NextHeader.AuthenticationHeader => HeaderChainEnd.AuthenticationHeader,
            Wire.NextHeader.Esp => HeaderChainEnd.Esp,
            _ => HeaderChainEnd.UpperLayer,
        };
    }
}
