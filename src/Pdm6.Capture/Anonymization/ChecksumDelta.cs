using System.Buffers.Binary;
using Pdm6.Wire;

namespace Pdm6.Capture.Anonymization;

/// <summary>
/// What changes of data do to an Internet checksum over it (RFC 1624): a right checksum stays right, a wrong one wrong,
/// whether or not all of the data is there.
/// </summary>
internal struct ChecksumDelta
{
    private ulong _lost;
    private ulong _won;

    /// <summary>Octets at an even offset are replaced.</summary>
    public void Replace(ReadOnlySpan<byte> before, ReadOnlySpan<byte> after)
    {
        _lost += InternetChecksum.Fold(InternetChecksum.Sum(before));
        _won += InternetChecksum.Fold(InternetChecksum.Sum(after));
    }

    /// <summary>An address of the pseudo-header is replaced.</summary>
    public void Replace(Ipv6Address before, Ipv6Address after)
    {
        Span<byte> octets = stackalloc byte[2 * Ipv6Address.Size];
        before.Write(octets);
        after.Write(octets[Ipv6Address.Size..]);
        Replace(octets[..Ipv6Address.Size], octets[Ipv6Address.Size..]);
    }

    /// <summary>Puts a checksum right.</summary>
    /// <param name="checksum">The field.</param>
    /// <param name="isUdp">0 means that there is none.</param>
    public readonly void Apply(Span<byte> checksum, bool isUdp)
    {
        ushort old = BinaryPrimitives.ReadUInt16BigEndian(checksum);
        if (isUdp && old == 0)
            return;
        ulong sum = (ushort)~old + (ulong)(ushort)~InternetChecksum.Fold(_lost) + InternetChecksum.Fold(_won);
        ushort updated = (ushort)~InternetChecksum.Fold(sum);
        BinaryPrimitives.WriteUInt16BigEndian(checksum, isUdp && updated == 0 ? ushort.MaxValue : updated);
    }
}
