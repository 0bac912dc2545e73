using System.Security.Cryptography;

namespace Pdm6.Security.Schedule;

/// <summary>ChaCha20-Poly1305 (RFC 8439), as the platform has it.</summary>
internal sealed class ChaChaMessages(ReadOnlySpan<byte> key) : MessageCipher
{
    private readonly ChaCha20Poly1305 _cipher = new(key);

    public override void Seal(
        ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> associatedData, ReadOnlySpan<byte> plaintext, Span<byte> ciphertext,
        Span<byte> tag) =>
        _cipher.Encrypt(nonce, plaintext, ciphertext, tag, associatedData);

    public override bool TryOpen(
        ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> associatedData, ReadOnlySpan<byte> ciphertext, ReadOnlySpan<byte> tag,
        Span<byte> plaintext)
    {
        try
        {
            _cipher.Decrypt(nonce, ciphertext, tag, plaintext, associatedData);
            return true;
        }
        catch (AuthenticationTagMismatchException)
        {
            plaintext.Clear();
            return false; // the platform has no other way to say it
        }
    }

    public override void Dispose() => _cipher.Dispose();
}
