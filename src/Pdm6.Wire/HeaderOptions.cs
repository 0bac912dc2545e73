namespace Pdm6.Wire;

/// <summary>
/// The type-length-value options of a Hop-by-Hop or Destination Options header (RFC 8200 section 4.2), padding left
/// out. An option that runs past the end of its header ends the walk.
/// </summary>
public readonly ref struct HeaderOptions
{
    private const byte Pad1 = 0;
    private const byte PadN = 1;

    private readonly ReadOnlySpan<byte> _octets;

    internal HeaderOptions(ReadOnlySpan<byte> octets) => _octets = octets;

    /// <summary>The options one by one.</summary>
    public Enumerator GetEnumerator() => new(_octets);

    /// <summary>Walks the options.</summary>
    public ref struct Enumerator
    {
        private ReadOnlySpan<byte> _rest;

        internal Enumerator(ReadOnlySpan<byte> octets) => _rest = octets;

        /// <summary>The option at hand, type and length octets included.</summary>
        public ReadOnlySpan<byte> Current { get; private set; }

        /// <summary>Goes on to the next option that is no padding; false if there is none.</summary>
        public bool MoveNext()
        {
            while (!_rest.IsEmpty)
            {
                if (_rest[0] == Pad1)
                {
                    _rest = _rest[1..];
                    continue;
                }
                if (_rest.Length < 2 || _rest.Length < 2 + _rest[1])
                {
                    _rest = default;
                    return false;
                }
                Current = _rest[..(2 + _rest[1])];
                _rest = _rest[(2 + _rest[1])..];
                if (Current[0] != PadN)
                    return true;
            }
            return false;
        }
    }
}
