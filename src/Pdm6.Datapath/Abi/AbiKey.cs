using System.Runtime.InteropServices;

namespace Pdm6.Datapath.Abi;

/// <summary>Key material as the sealing program wants it; KernelKey fills it.</summary>
[AbiStruct("pdm6_key")]
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct AbiKey
{
    public fixed uint RoundKeys[15 * 8];
    public fixed ulong Ghash[10 * 4];
    public fixed ulong LengthMask[2];
    public fixed ulong UdpOptionLengthMask[2];
    public fixed byte BaseNonce[12];
    public uint Zero;

    /// <summary>Takes packed key octets.</summary>
    /// <exception cref="ArgumentException">Another size: a caller's mistake.</exception>
    internal static void Copy(ReadOnlySpan<byte> packed, ref AbiKey key)
    {
        if (packed.Length != sizeof(AbiKey))
            throw new ArgumentException($"Packed key material has {sizeof(AbiKey)} octets, not {packed.Length}.", nameof(packed));
        packed.CopyTo(MemoryMarshal.AsBytes(new Span<AbiKey>(ref key)));
    }
}
