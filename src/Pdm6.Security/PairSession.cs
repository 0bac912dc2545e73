using System.Security.Cryptography;
using Pdm6.Wire;

namespace Pdm6.Security;

/// <summary>
/// Seals and opens the metric blocks of one directed address pair in one epoch, of both option carriages (protocol
/// reference, section 6). It holds the session's key and base nonce and zeroes both on <see cref="Dispose"/>. Sealing
/// and opening allocate nothing and are safe from several threads; disposing at the same time is not.
/// </summary>
public sealed class PairSession : IDisposable
{
    private readonly ShortAesGcm _gcm;
    private readonly byte[] _baseNonce;
    private readonly ushort _epoch;

    private PairSession(ShortAesGcm gcm, byte[] baseNonce, ushort epoch)
    {
        _gcm = gcm;
        _baseNonce = baseNonce;
        _epoch = epoch;
    }

    /// <summary>Derives the session of a pair.</summary>
    /// <param name="pairSecret">The pair's secret, 32 octets.</param>
    /// <param name="suite">The context's suite.</param>
    /// <param name="epoch">The epoch as on the wire, 12 bits.</param>
    /// <exception cref="ArgumentException">The secret has another length, the epoch more than 12 bits, or there is no
    /// such suite.</exception>
    public static PairSession Create(ReadOnlySpan<byte> pairSecret, Suite suite, ushort epoch) =>
        Create(pairSecret, suite, epoch, ShortAesGcm.IsAccelerated);

    internal static PairSession Create(ReadOnlySpan<byte> pairSecret, Suite suite, ushort epoch, bool accelerated)
    {
        Span<byte> key = stackalloc byte[Suites.LongestKeySize];
        key = key[..Suites.KeySize(suite)];
        byte[] baseNonce = GC.AllocateArray<byte>(Nonce.Size, pinned: true);
        try
        {
            KeyDerivation.SessionKey(pairSecret, suite, epoch, key, baseNonce);
            return new PairSession(ShortAesGcm.Create(key, accelerated), baseNonce, epoch);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(key);
        }
    }

    /// <summary>
    /// Seals a metric block. <b>The caller answers for the number:</b> one flow and carriage must never seal two
    /// different blocks under one PSNTP of this epoch, or both become readable and the key can be forged with.
    /// </summary>
    /// <param name="flow">The flow of the packet, with the final destination.</param>
    /// <param name="carriage">Where the option rides.</param>
    /// <param name="psntp">Packet Sequence Number This Packet.</param>
    /// <param name="associatedData">The octets of the option before the metric block, as they are on the wire.</param>
    /// <param name="metricBlock">16 octets.</param>
    /// <param name="ciphertext">Receives 16 octets; may be the memory of the block.</param>
    /// <param name="tag">Receives 16 octets.</param>
    /// <exception cref="ArgumentException">A span has another length.</exception>
    /// <exception cref="ObjectDisposedException">After <see cref="Dispose"/>.</exception>
    public void Seal(
        in FlowKey flow, Carriage carriage, uint psntp, ReadOnlySpan<byte> associatedData,
        ReadOnlySpan<byte> metricBlock, Span<byte> ciphertext, Span<byte> tag)
    {
        ThrowIfNotBlock(metricBlock.Length, nameof(metricBlock));
        Span<byte> nonce = stackalloc byte[Nonce.Size];
        Nonce.Build(_baseNonce, flow, carriage, _epoch, psntp, nonce);
        _gcm.Seal(nonce, associatedData, metricBlock, ciphertext, tag);
    }

    /// <summary>Opens a metric block. The arguments are those of <see cref="Seal"/>.</summary>
    /// <param name="flow">The flow of the packet, with the final destination.</param>
    /// <param name="carriage">Where the option rides.</param>
    /// <param name="psntp">Packet Sequence Number This Packet.</param>
    /// <param name="associatedData">The octets of the option before the metric block, as they are on the wire.</param>
    /// <param name="ciphertext">16 octets.</param>
    /// <param name="tag">16 octets.</param>
    /// <param name="metricBlock">Receives 16 octets, zeros if the tag is wrong; may be the memory of the
    /// ciphertext.</param>
    /// <returns>False if the tag is wrong.</returns>
    /// <exception cref="ArgumentException">A span has another length.</exception>
    /// <exception cref="ObjectDisposedException">After <see cref="Dispose"/>.</exception>
    public bool TryOpen(
        in FlowKey flow, Carriage carriage, uint psntp, ReadOnlySpan<byte> associatedData,
        ReadOnlySpan<byte> ciphertext, ReadOnlySpan<byte> tag, Span<byte> metricBlock)
    {
        ThrowIfNotBlock(ciphertext.Length, nameof(ciphertext));
        Span<byte> nonce = stackalloc byte[Nonce.Size];
        Nonce.Build(_baseNonce, flow, carriage, _epoch, psntp, nonce);
        return _gcm.TryOpen(nonce, associatedData, ciphertext, tag, metricBlock);
    }

    /// <summary>Zeroes the key and the base nonce.</summary>
    public void Dispose()
    {
        _gcm.Dispose();
        CryptographicOperations.ZeroMemory(_baseNonce);
    }

    private static void ThrowIfNotBlock(int length, string name)
    {
        if (length != PdmMetrics.Size)
            throw new ArgumentException($"A metric block has {PdmMetrics.Size} octets.", name);
    }
}
