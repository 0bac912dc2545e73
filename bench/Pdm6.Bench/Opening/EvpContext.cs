using System.Runtime.InteropServices;

namespace Pdm6.Bench;

/// <summary>
/// AES-256-GCM as a program in C opens short messages with OpenSSL: one EVP context for each key, made once; for each
/// message the nonce, the tag, the associated data, the text, the check. The calls cost what they cost in C: nothing is
/// marshalled and the garbage collector is not told of them.
/// </summary>
internal sealed unsafe partial class EvpContext : IDisposable
{
    private const string Library = "libcrypto.so.3";
    private const int SetTag = 0x11, TagSize = 16;

    private readonly nint _context = EVP_CIPHER_CTX_new();

    public EvpContext(ReadOnlySpan<byte> key)
    {
        fixed (byte* octets = key)
            BenchException.Require(EVP_DecryptInit_ex(_context, EVP_aes_256_gcm(), 0, octets, null) == 1, "OpenSSL took no key.");
    }

    public bool TryOpen(byte* nonce, byte* option, byte* block)
    {
        int length;
        return EVP_DecryptInit_ex(_context, 0, 0, null, nonce) == 1
            && EVP_CIPHER_CTX_ctrl(_context, SetTag, TagSize, option + 24) == 1
            && EVP_DecryptUpdate(_context, null, &length, option, 8) == 1
            && EVP_DecryptUpdate(_context, block, &length, option + 8, 16) == 1
            && EVP_DecryptFinal_ex(_context, block + 16, &length) == 1;
    }

    public void Dispose() => EVP_CIPHER_CTX_free(_context);

    [LibraryImport(Library)]
    private static partial nint EVP_CIPHER_CTX_new();
    [LibraryImport(Library)]
    private static partial void EVP_CIPHER_CTX_free(nint context);
    [LibraryImport(Library)]
    private static partial nint EVP_aes_256_gcm();
    [LibraryImport(Library), SuppressGCTransition]
    private static partial int EVP_DecryptInit_ex(nint context, nint cipher, nint engine, byte* key, byte* nonce);
    [LibraryImport(Library), SuppressGCTransition]
    private static partial int EVP_CIPHER_CTX_ctrl(nint context, int control, int argument, byte* pointer);
    [LibraryImport(Library), SuppressGCTransition]
    private static partial int EVP_DecryptUpdate(nint context, byte* output, int* outputLength, byte* input, int inputLength);
    [LibraryImport(Library), SuppressGCTransition]
    private static partial int EVP_DecryptFinal_ex(nint context, byte* output, int* outputLength);
}
