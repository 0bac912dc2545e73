namespace Pdm6.Wire;

/// <summary>
/// The extension headers of one packet, in order (RFC 8200 section 4): Hop-by-Hop Options, Routing, Destination
/// Options, Authentication (RFC 4302), and Fragment in a first fragment or a whole packet. A header is given out only
/// if all of it is there; the walk ends at the first thing that is none of these.
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
            ReadOnlySpan<byte> rest = _octets[Offset..];
            End = EndAt(NextHeader, rest, out int size);
            if (size == 0)
                return false;
            HeaderType = NextHeader;
            NextHeader = _octets[Offset];
            Offset += size;
            _headerSize = size;
            return true;
        }

        /// <summary>The size of the header at the front of <paramref name="rest"/>; or 0, and why the walk ends
        /// here.</summary>
        private static HeaderChainEnd EndAt(byte nextHeader, ReadOnlySpan<byte> rest, out int size)
        {
            size = 0;
            switch (nextHeader)
            {
                case Wire.NextHeader.HopByHop or Wire.NextHeader.Routing or Wire.NextHeader.DestinationOptions:
                    size = rest.Length < 2 ? int.MaxValue : (rest[1] + 1) * 8;
                    break;
                case Wire.NextHeader.AuthenticationHeader:
                    size = rest.Length < 2 ? int.MaxValue : (rest[1] + 2) * 4;
                    break;
                case Wire.NextHeader.Fragment:
                    // What follows in a later fragment is the middle of something.
                    if (FragmentHeaderView.TryRead(rest, out FragmentHeaderView fragment) && fragment.Offset != 0)
                        return HeaderChainEnd.Fragment;
                    size = FragmentHeaderView.Size;
                    break;
                case Wire.NextHeader.None:
                    return HeaderChainEnd.NoNextHeader;
                case Wire.NextHeader.Esp:
                    return HeaderChainEnd.Esp;
                default:
                    return HeaderChainEnd.UpperLayer;
            }
            if (size <= rest.Length)
                return HeaderChainEnd.UpperLayer; // not yet: this header is passed
            size = 0;
            return HeaderChainEnd.CutShort;
        }
    }
}
