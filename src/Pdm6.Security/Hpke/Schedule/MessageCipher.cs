using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using Pdm6.Wire;

namespace Pdm6.Security.Schedule;

/// <summary>The authenticated cipher of a context. Not for several threads at once.</summary>
internal abstract class MessageCipher : IDisposable
{
    public const int NonceSize = Aead.NonceSize;
    public const int TagSize = Aead.TagSize;

    public static bool IsSupported(HpkeAead aead, [NotNullWhen(false)] out string? why)
    {
        why = aead switch
        {
            HpkeAead.Aes128Gcm or HpkeAead.Aes256Gcm or HpkeAead.ExportOnly => null,
            HpkeAead.ChaCha20Poly1305 => ChaCha20Poly1305.IsSupported
                ? null : "The platform has no ChaCha20-Poly1305.",
            _ => $"There is no HPKE AEAD 0x{(ushort)aead:x4} here.",
        };
        return why is null;
    }

    /// <summary>Octets of a key; 0 if the suite has no cipher.</summary>
    public static int KeySize(HpkeAead aead) => aead switch
    {
        HpkeAead.Aes128Gcm => 16,
        HpkeAead.Aes256Gcm or HpkeAead.ChaCha20Poly1305 => 32,
        HpkeAead.ExportOnly => 0,
        _ => throw new ArgumentOutOfRangeException(nameof(aead), aead, "No such AEAD."),
    };

    /// <summary>Null for export-only.</summary>
    public static MessageCipher? Create(HpkeAead aead, ReadOnlySpan<byte> key) => aead switch
    {
        HpkeAead.ExportOnly => null,
        HpkeAead.ChaCha20Poly1305 => new ChaChaMessages(key),
        _ => new GcmMessages(key),
    };

    /// <param name="nonce">12 octets, never used before with this key.</param>
    /// <param name="associatedData">What the tag binds besides the text.</param>
    /// <param name="plaintext">The text.</param>
    /// <param name="ciphertext">Receives as many octets as the text has.</param>
    /// <param name="tag">Receives 16 octets.</param>
    public abstract void Seal(
        ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> associatedData, ReadOnlySpan<byte> plaintext, Span<byte> ciphertext,
        Span<byte> tag);

    /// <summary>False, and zeros, if the tag is wrong.</summary>
    public abstract bool TryOpen(
        ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> associatedData, ReadOnlySpan<byte> ciphertext, ReadOnlySpan<byte> tag,
        Span<byte> plaintext);

    public abstract void Dispose();
}
