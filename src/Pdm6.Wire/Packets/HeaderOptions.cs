namespace Pdm6.Wire;

/// <summary>
/// The type-length-value options of a Hop-by-Hop or Destination Options header (RFC 8200 section 4.2), padding left
/// out. An option that runs past the end of its header ends the walk and makes the header malformed.
/// <code>
/// |  Option Type  |  Option Len   |  Option Data, Option Len octets
/// </code>
/// </summary>
public readonly ref struct HeaderOptions
{
    /// <summary>Octets of the header before the first option: Next Header and Hdr Ext Len.</summary>
    internal const int Offset = 2;

    private const byte Pad1 = 0;
    private const byte PadN = 1;

    private readonly ReadOnlySpan<byte> _octets;

    internal HeaderOptions(ReadOnlySpan<byte> octets) => _octets = octets;

    /// <summary>The options one by one.</summary>
    public Enumerator GetEnumerator() => new(_octets);

    /// <summary>True for what is one PadN. Other padding may still be padding.</summary>
    internal static bool IsOnePadN(ReadOnlySpan<byte> rest) =>
        rest.Length >= 2 && rest[0] == PadN && rest[1] == rest.Length - 2;

    /// <summary>Fills the rest of a header, fewer than 8 octets, with Pad1 or PadN.</summary>
    internal static void WritePadding(Span<byte> rest)
    {
        rest.Clear();
        if (rest.Length < 2)
            return; // Pad1 is a 0 too
        rest[0] = PadN;
        rest[1] = (byte)(rest.Length - 2);
    }

    /// <summary>Walks the options.</summary>
    public ref struct Enumerator
    {
        private readonly int _size;
        private ReadOnlySpan<byte> _rest;

        internal Enumerator(ReadOnlySpan<byte> octets)
        {
            _size = octets.Length;
            _rest = octets;
        }

        /// <summary>The option at hand, type and length octets included.</summary>
        public ReadOnlySpan<byte> Current { get; private set; }

        /// <summary>Octets of the options area up to the end of the option at hand.</summary>
        internal readonly int End => _size - _rest.Length;

        /// <summary>The option that runs past the end of the header, as far as it is there; empty unless the walk ended at
        /// one.</summary>
        public ReadOnlySpan<byte> Overrun { get; private set; }

        /// <summary>True if the walk ended at an option that runs past the end of the header.</summary>
        public readonly bool IsMalformed => !Overrun.IsEmpty;

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
                    Overrun = _rest;
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
