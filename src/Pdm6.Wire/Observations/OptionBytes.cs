using System.Runtime.CompilerServices;

namespace Pdm6.Wire;

/// <summary>A PDMv2 option by value, or a udp-frame of a kernel: up to 68 octets without an allocation.</summary>
[InlineArray(Size)]
public struct OptionBytes : IEquatable<OptionBytes>
{
    /// <summary>The most octets: those of a udp-frame.</summary>
    public const int Size = UdpFrame.PdmFrameSize;

    private byte _first;

    /// <summary>Copies up to 68 octets; the rest is 0.</summary>
    /// <exception cref="ArgumentException">More than 68 octets: a caller's mistake.</exception>
    public static OptionBytes From(ReadOnlySpan<byte> octets)
    {
        OptionBytes bytes = default;
        // As many octets as almost every option has, known beforehand, are copied without a call.
        if (octets.Length == Pdmv2OptionView.ProtectedSize)
            octets[..Pdmv2OptionView.ProtectedSize].CopyTo(bytes);
        else
            octets.CopyTo(bytes);
        return bytes;
    }

    /// <inheritdoc/>
    public readonly bool Equals(OptionBytes other) => ((ReadOnlySpan<byte>)this).SequenceEqual(other);
    /// <inheritdoc/>
    public override readonly bool Equals(object? obj) => obj is OptionBytes other && Equals(other);
    /// <inheritdoc/>
    public override readonly int GetHashCode()
    {
        HashCode hash = default;
        hash.AddBytes(this);
        return hash.ToHashCode();
    }
#pragma warning disable CS1591
    public static bool operator ==(OptionBytes left, OptionBytes right) => left.Equals(right);
    public static bool operator !=(OptionBytes left, OptionBytes right) => !left.Equals(right);
#pragma warning restore CS1591
}
