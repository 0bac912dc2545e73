using System.Runtime.InteropServices;

namespace Pdm6.Security.Native;

/// <summary>The few functions of OpenSSL 3 that the platform does not offer.</summary>
internal static partial class LibCrypto
{
    public const string Library = "libcrypto.so.3";
    /// <summary>NID_X25519.</summary>
    public const int X25519 = 1034;
    public const int Success = 1;

    [LibraryImport(Library, EntryPoint = "EVP_PKEY_new_raw_private_key")]
    public static partial EvpKeyHandle NewRawPrivateKey(int type, nint engine, ReadOnlySpan<byte> key, nuint size);

    [LibraryImport(Library, EntryPoint = "EVP_PKEY_new_raw_public_key")]
    public static partial EvpKeyHandle NewRawPublicKey(int type, nint engine, ReadOnlySpan<byte> key, nuint size);

    [LibraryImport(Library, EntryPoint = "EVP_PKEY_get_raw_public_key")]
    public static partial int GetRawPublicKey(EvpKeyHandle key, Span<byte> octets, ref nuint size);

    [LibraryImport(Library, EntryPoint = "EVP_PKEY_free")]
    public static partial void FreeKey(nint key);

    [LibraryImport(Library, EntryPoint = "EVP_PKEY_CTX_new")]
    public static partial EvpKeyContextHandle NewContext(EvpKeyHandle key, nint engine);

    [LibraryImport(Library, EntryPoint = "EVP_PKEY_CTX_free")]
    public static partial void FreeContext(nint context);

    [LibraryImport(Library, EntryPoint = "EVP_PKEY_derive_init")]
    public static partial int DeriveInit(EvpKeyContextHandle context);

    [LibraryImport(Library, EntryPoint = "EVP_PKEY_derive_set_peer")]
    public static partial int DeriveSetPeer(EvpKeyContextHandle context, EvpKeyHandle peer);

    [LibraryImport(Library, EntryPoint = "EVP_PKEY_derive")]
    public static partial int Derive(EvpKeyContextHandle context, Span<byte> secret, ref nuint size);

    /// <summary>The queue of errors is the thread's, and the platform's cryptography reads it too.</summary>
    [LibraryImport(Library, EntryPoint = "ERR_clear_error")]
    public static partial void ClearErrors();
}
