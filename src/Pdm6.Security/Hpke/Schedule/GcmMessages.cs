namespace Pdm6.Security.Schedule;

/// <summary>AES-128-GCM or AES-256-GCM, by the length of the key.</summary>
internal sealed class GcmMessages(ReadOnlySpan<byte> key) : MessageCipher
{
    private readonly ShortAesGcm _cipher = ShortAesGcm.Create(key);

    public override void Seal(
        ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> associatedData, ReadOnlySpan<byte> plaintext, Span<byte> ciphertext,
        Span<byte> tag) =>
        _cipher.Seal(nonce, associatedData, plaintext, ciphertext, tag);

    public override bool TryOpen(
        ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> associatedData, ReadOnlySpan<byte> ciphertext, ReadOnlySpan<byte> tag,
        Span<byte> plaintext) =>
        _cipher.TryOpen(nonce, associatedData, ciphertext, tag, plaintext);

    public override void Dispose() => _cipher.Dispose();
}
