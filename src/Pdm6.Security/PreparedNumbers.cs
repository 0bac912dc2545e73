using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Security.Cryptography;
using Pdm6.Security.Native;
using Pdm6.Wire;

namespace Pdm6.Security;

/// <summary>
/// What sealing the options of one flow under one session key needs, made before the metrics are known: the keystream,
/// and the tag but for the product of the ciphertext with H squared. For sealing inside the kernel, where numbers are
/// taken: what is made here for a number must be used for no other option than the one that takes this number.
/// <para>Not for several threads. Only where <see cref="IsSupported"/>.</para>
/// </summary>
public sealed class PreparedNumbers : IDisposable
{
    /// <summary>Octets a number: 16 of keystream, 16 of tag mask.</summary>
    public const int NumberSize = 2 * AesNi.BlockSize;

    /// <summary>Octets of the products: 32 halves of octets, 16 values each.</summary>
    public const int ProductsSize = 32 * 16 * AesNi.BlockSize;

    private readonly byte[] _material = GC.AllocateArray<byte>(GcmKeyMaterial.Size, pinned: true);
    private readonly byte[] _baseNonce = GC.AllocateArray<byte>(Nonce.Size, pinned: true);
    private readonly int _rounds;
    private readonly FlowKey _flow;
    private readonly Carriage _carriage;
    private readonly ushort _epoch;
    private readonly int _associatedDataSize;
    private readonly UInt128 _optionFront;

    /// <summary>For destination options.</summary>
    /// <param name="key">The session key, 16 or 32 octets.</param>
    /// <param name="baseNonce">12 octets.</param>
    /// <param name="flow">The flow.</param>
    /// <param name="epoch">12 bits.</param>
    /// <param name="optionType">The IPv6 option type: it is associated data.</param>
    /// <exception cref="PlatformNotSupportedException">The processor lacks the instructions.</exception>
    public PreparedNumbers(ReadOnlySpan<byte> key, ReadOnlySpan<byte> baseNonce, in FlowKey flow, ushort epoch, byte optionType)
        : this(
            key, baseNonce, flow, epoch, Carriage.DestinationOptionV2, Pdmv2OptionView.AssociatedDataSize,
            (ulong)optionType << 24 | (ulong)(Pdmv2OptionView.ProtectedSize - 2) << 16)
    {
    }

    private PreparedNumbers(
        ReadOnlySpan<byte> key, ReadOnlySpan<byte> baseNonce, in FlowKey flow, ushort epoch, Carriage carriage, int associatedDataSize,
        ulong beforeVersion)
    {
        if (!IsSupported)
            throw new PlatformNotSupportedException("Numbers are prepared with AES-NI and PCLMULQDQ only.");
        EpochTimetable.ThrowIfNotEpoch(epoch);
        baseNonce.CopyTo(_baseNonce);
        _rounds = GcmKeyMaterial.Write(key, _material);
        (_flow, _carriage, _epoch, _associatedDataSize) = (flow, carriage, epoch, associatedDataSize);
        _optionFront = (UInt128)(beforeVersion | (uint)Pdmv2OptionView.Version2 << 12 | epoch) << 32;
    }

    /// <summary>For UDP options.</summary>
    /// <param name="key">The session key, 16 or 32 octets.</param>
    /// <param name="baseNonce">12 octets.</param>
    /// <param name="flow">The flow.</param>
    /// <param name="epoch">12 bits.</param>
    /// <param name="exId">Tells our option from other experiments: associated data.</param>
    /// <exception cref="PlatformNotSupportedException">The processor lacks the instructions.</exception>
    public static PreparedNumbers ForUdpOptions(
        ReadOnlySpan<byte> key, ReadOnlySpan<byte> baseNonce, in FlowKey flow, ushort epoch, ushort exId) => new(
        key, baseNonce, flow, epoch, Carriage.UdpOption, UdpOption.AssociatedDataSize,
        (ulong)UdpOption.Kind << 40 | (ulong)UdpOption.ProtectedLength << 32 | (ulong)exId << 16);

    /// <summary>True if the processor's instructions are there and passed their test.</summary>
    public static bool IsSupported => ShortAesGcm.IsAccelerated;

    /// <summary>Writes keystream and tag mask of consecutive numbers.</summary>
    /// <param name="firstPsntp">The first.</param>
    /// <param name="numbers">Receives <see cref="NumberSize"/> octets a number.</param>
    public void WriteNumbers(uint firstPsntp, Span<byte> numbers)
    {
        ref byte material = ref MemoryMarshal.GetArrayDataReference(_material);
        Span<byte> nonce = stackalloc byte[Nonce.Size];
        Vector128<ulong> lengths = OptionGcm.Lengths(ref material, _associatedDataSize);
        int shift = 8 * (AesNi.BlockSize - _associatedDataSize);
        for (uint psntp = firstPsntp; !numbers.IsEmpty; psntp++, numbers = numbers[NumberSize..])
        {
            Nonce.BuildChecked(_baseNonce, _flow, _carriage, _epoch, psntp, nonce);
            OptionGcm.Prepare(
                ref material, _rounds, ref MemoryMarshal.GetReference(nonce), (_optionFront | psntp) << shift, lengths,
                ref MemoryMarshal.GetReference(numbers));
        }
        CryptographicOperations.ZeroMemory(nonce);
    }

    /// <summary>Writes, for every half octet of a ciphertext and every value of it, the product with H squared: place
    /// 2 i is the low half of octet i.</summary>
    /// <param name="products">Receives <see cref="ProductsSize"/> octets.</param>
    public void WriteProducts(Span<byte> products) => OptionGcm.WriteProducts(ref MemoryMarshal.GetArrayDataReference(_material), products);

    /// <inheritdoc/>
    public void Dispose()
    {
        CryptographicOperations.ZeroMemory(_material);
        CryptographicOperations.ZeroMemory(_baseNonce);
    }
}
