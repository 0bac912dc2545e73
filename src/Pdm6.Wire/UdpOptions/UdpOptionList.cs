using System.Buffers.Binary;

namespace Pdm6.Wire;

/// <summary>
/// The options behind the checksum of a surplus area (RFC 9868 section 10), padding left out. Kind and length take one
/// octet each; a length of 255 says that two octets with the length follow, and every length counts the whole option.
/// </summary>
/// <param name="octets">From behind the checksum to the end of the area.</param>
public readonly ref struct UdpOptionList(ReadOnlySpan<byte> octets)
{
    /// <summary>The length octet that says: two octets with the length follow.</summary>
    internal const byte ExtendedLength = 255;

    private readonly ReadOnlySpan<byte> _octets = octets;

    /// <summary>Walks the options.</summary>
    public Enumerator GetEnumerator() => new(_octets);

    /// <summary>Walks the options.</summary>
    public ref struct Enumerator
    {
        private ReadOnlySpan<byte> _rest;

        internal Enumerator(ReadOnlySpan<byte> octets) => _rest = octets;

        /// <summary>The whole option at hand, kind octet first.</summary>
        public ReadOnlySpan<byte> Current { get; private set; }

        /// <summary>The option that is shorter than its kind allows or runs past the end, and all that follows it; empty
        /// unless the walk ended at one. Then every option of the area is to be ignored.</summary>
        public ReadOnlySpan<byte> Broken { get; private set; }

        /// <summary>True if the walk ended at such an option.</summary>
        public readonly bool IsMalformed => !Broken.IsEmpty;

        /// <summary>Goes on to the next option; false at the end of the list, and at the first that is not
        /// well-formed.</summary>
        public bool MoveNext()
        {
            while (!_rest.IsEmpty && _rest[0] == UdpOptionKind.NoOperation)
                _rest = _rest[1..];
            if (_rest.IsEmpty || _rest[0] == UdpOptionKind.EndOfList)
                return false;
            int size = SizeOf(_rest, out int headerSize);
            if (size < Math.Max(headerSize, UdpOptionKind.LeastSize(_rest[0])) || size > _rest.Length)
            {
                Broken = _rest;
                return false;
            }
            Current = _rest[..size];
            _rest = _rest[size..];
            return true;
        }

        /// <summary>What the option says of its size; 0 if it cannot be read.</summary>
        private static int SizeOf(ReadOnlySpan<byte> option, out int headerSize)
        {
            headerSize = 2;
            if (option.Length < 2)
                return 0;
            if (option[1] != ExtendedLength)
                return option[1];
            headerSize = 4;
            return option.Length < 4 ? 0 : BinaryPrimitives.ReadUInt16BigEndian(option[2..]);
        }
    }
}
