using System.Buffers.Binary;

namespace Pdm6.Wire;

/// <summary>
/// A Fragment header seen in place (RFC 8200 section 4.5).
/// <code>
/// |  Next Header  |   Reserved    |  Fragment Offset in 8 |Res|M|   0
/// |                         Identification                        |   4
/// </code>
/// </summary>
public readonly ref struct FragmentHeaderView
{
    /// <summary>Octets of the header.</summary>
    public const int Size = 8;

    private readonly ReadOnlySpan<byte> _header;

    /// <summary>A header that is known to be all there.</summary>
    internal FragmentHeaderView(ReadOnlySpan<byte> header) => _header = header;

    /// <summary>Reads a header; false if not all of it is there.</summary>
    public static bool TryRead(ReadOnlySpan<byte> octets, out FragmentHeaderView header)
    {
        header = octets.Length < Size ? default : new FragmentHeaderView(octets[..Size]);
        return octets.Length >= Size;
    }

    /// <summary>Octets of the whole packet's fragmentable part that come before this fragment's.</summary>
    public int Offset => BinaryPrimitives.ReadUInt16BigEndian(_header[2..]) & ~7;
    /// <summary>False for the last fragment.</summary>
    public bool HasMore => (_header[3] & 1) != 0;
    /// <summary>What the fragments of one packet have in common.</summary>
    public uint Identification => BinaryPrimitives.ReadUInt32BigEndian(_header[4..]);
    /// <summary>True for a header in front of a whole packet (RFC 6946).</summary>
    public bool IsAtomic => Offset == 0 && !HasMore;
}
