using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Pdm6.Security.Schedule;

/// <summary>What sender and recipient hold after the set-up (RFC 9180, section 5.2): the cipher, the nonces by sequence
/// number, and the exporter secret. Its users take turns: one nonce is never used twice.</summary>
internal sealed class MessageContext : IDisposable
{
    private readonly Lock _turn = new();
    private readonly KdfAlgorithm _kdf;
    private readonly byte[] _suiteId;
    private readonly byte[] _baseNonce;
    private readonly byte[] _exporterSecret;
    private readonly MessageCipher? _cipher;
    private ulong _sequence;
    private bool _isAtEnd;
    private bool _disposed;

    /// <param name="suite">A supported suite.</param>
    /// <param name="mode">Who proves what.</param>
    /// <param name="sharedSecret">What the KEM gave.</param>
    /// <param name="info">What the application binds the keys to.</param>
    /// <param name="psk">The pre-shared key, or the default value.</param>
    public MessageContext(
        HpkeSuite suite, HpkeMode mode, ReadOnlySpan<byte> sharedSecret, ReadOnlySpan<byte> info, HpkePsk psk)
    {
        _kdf = KdfAlgorithm.Of(suite.Kdf);
        ThrowIfTooLong(_kdf, info, psk);
        _suiteId = SuiteId(suite);
        int keySize = MessageCipher.KeySize(suite.Aead);
        _baseNonce = GC.AllocateArray<byte>(keySize == 0 ? 0 : MessageCipher.NonceSize, pinned: true);
        _exporterSecret = GC.AllocateArray<byte>(_kdf.SecretSize, pinned: true);
        Span<byte> key = stackalloc byte[keySize];
        try
        {
            _kdf.Schedule(_suiteId, mode, sharedSecret, info, psk, new ScheduledKeys(key, _baseNonce, _exporterSecret));
            _cipher = MessageCipher.Create(suite.Aead, key);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(key);
        }
    }

    /// <summary>The number of the next message.</summary>
    /// <remarks>Set only by the tests of its end.</remarks>
    internal ulong Sequence { get => _sequence; set => _sequence = value; }
    internal ReadOnlySpan<byte> BaseNonce => _baseNonce;
    internal ReadOnlySpan<byte> ExporterSecret => _exporterSecret;

    /// <summary>Seals under the next number.</summary>
    public void Seal(ReadOnlySpan<byte> associatedData, ReadOnlySpan<byte> plaintext, Span<byte> ciphertext)
    {
        lock (_turn)
        {
            MessageCipher cipher = Cipher();
            if (_isAtEnd)
                throw new InvalidOperationException("The context's sequence numbers are used up: set up another.");
            Span<byte> nonce = stackalloc byte[MessageCipher.NonceSize];
            WriteNonce(nonce);
            Advance(); // used up, even if the sealing should fail
            cipher.Seal(nonce, associatedData, plaintext, ciphertext[..plaintext.Length], ciphertext[plaintext.Length..]);
        }
    }

    /// <summary>Opens under the next number, which is used up only if that succeeds.</summary>
    public bool TryOpen(
        ReadOnlySpan<byte> associatedData, ReadOnlySpan<byte> ciphertext, Span<byte> plaintext, out int written)
    {
        written = 0;
        lock (_turn)
        {
            MessageCipher cipher = Cipher();
            int size = ciphertext.Length - MessageCipher.TagSize;
            if (_isAtEnd || size < 0 || size > plaintext.Length)
                return false;
            Span<byte> nonce = stackalloc byte[MessageCipher.NonceSize];
            WriteNonce(nonce);
            if (!cipher.TryOpen(nonce, associatedData, ciphertext[..size], ciphertext[size..], plaintext[..size]))
                return false;
            Advance();
            written = size;
            return true;
        }
    }

    /// <summary>A secret of its own for each exporter context and length.</summary>
    public void Export(ReadOnlySpan<byte> exporterContext, Span<byte> exported)
    {
        if (exported.Length > _kdf.LongestExportSize)
            throw new ArgumentException($"At most {_kdf.LongestExportSize} octets are exported at a time.", nameof(exported));
        lock (_turn)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            _kdf.Export(_suiteId, _exporterSecret, exporterContext, exported);
        }
    }

    public void Dispose()
    {
        lock (_turn)
        {
            _disposed = true;
            _cipher?.Dispose();
            CryptographicOperations.ZeroMemory(_baseNonce);
            CryptographicOperations.ZeroMemory(_exporterSecret);
        }
    }

    private MessageCipher Cipher()
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        return _cipher ?? throw new InvalidOperationException("An export-only context seals and opens nothing.");
    }

    private void WriteNonce(Span<byte> nonce)
    {
        _baseNonce.CopyTo(nonce);
        Span<byte> low = nonce[(MessageCipher.NonceSize - sizeof(ulong))..];
        BinaryPrimitives.WriteUInt64BigEndian(low, BinaryPrimitives.ReadUInt64BigEndian(low) ^ _sequence);
    }

    private void Advance()
    {
        _sequence++;
        _isAtEnd = _sequence == ulong.MaxValue;
    }

    private static byte[] SuiteId(HpkeSuite suite)
    {
        byte[] id = [.. "HPKE"u8, 0, 0, 0, 0, 0, 0];
        BinaryPrimitives.WriteUInt16BigEndian(id.AsSpan(4), (ushort)suite.Kem);
        BinaryPrimitives.WriteUInt16BigEndian(id.AsSpan(6), (ushort)suite.Kdf);
        BinaryPrimitives.WriteUInt16BigEndian(id.AsSpan(8), (ushort)suite.Aead);
        return id;
    }

    private static void ThrowIfTooLong(KdfAlgorithm kdf, ReadOnlySpan<byte> info, HpkePsk psk)
    {
        if (Math.Max(info.Length, Math.Max(psk.Secret.Length, psk.Id.Length)) > kdf.LongestInputSize)
            throw new ArgumentException(
                $"Info, pre-shared key and its id have at most {kdf.LongestInputSize} octets each with this KDF.");
    }
}
