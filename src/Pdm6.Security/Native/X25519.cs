using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Pdm6.Security.Native;

/// <summary>The X25519 function (RFC 7748, section 5) of OpenSSL's libcrypto: the platform has none.</summary>
internal static class X25519
{
    /// <summary>Octets of a private key, of a public key, and of what they agree on.</summary>
    public const int Size = 32;

    private static readonly string? s_whyUnavailable = WhyUnavailable();

    public static bool IsAvailable([NotNullWhen(false)] out string? why)
    {
        why = s_whyUnavailable;
        return why is null;
    }

    /// <summary>Takes any 32 octets.</summary>
    public static EvpKeyHandle ImportPrivateKey(ReadOnlySpan<byte> octets) =>
        Imported(LibCrypto.NewRawPrivateKey(LibCrypto.X25519, 0, Checked(octets), Size));

    /// <summary>Takes any 32 octets.</summary>
    public static EvpKeyHandle ImportPublicKey(ReadOnlySpan<byte> octets) =>
        Imported(LibCrypto.NewRawPublicKey(LibCrypto.X25519, 0, Checked(octets), Size));

    public static byte[] PublicKeyOf(EvpKeyHandle privateKey)
    {
        byte[] octets = new byte[Size];
        nuint size = Size;
        ThrowIfFailed(LibCrypto.GetRawPublicKey(privateKey, octets, ref size));
        return octets;
    }

    /// <summary>What the two keys agree on. Safe for use by several threads.</summary>
    /// <returns>False if it is all zeros, whatever the private key: everybody would know it.</returns>
    public static bool TryAgree(EvpKeyHandle privateKey, EvpKeyHandle publicKey, Span<byte> agreement)
    {
        Checked(agreement);
        using EvpKeyContextHandle context = LibCrypto.NewContext(privateKey, 0);
        if (context.IsInvalid)
            throw Failed();
        ThrowIfFailed(LibCrypto.DeriveInit(context));
        ThrowIfFailed(LibCrypto.DeriveSetPeer(context, publicKey));
        nuint size = Size;
        // OpenSSL itself fails if all is zero; the comparison does not rely on it.
        if (LibCrypto.Derive(context, agreement, ref size) == LibCrypto.Success && agreement.ContainsAnyExcept((byte)0))
            return true;
        LibCrypto.ClearErrors();
        agreement.Clear();
        return false;
    }

    private static string? WhyUnavailable()
    {
        if (!NativeLibrary.TryLoad(LibCrypto.Library, out _))
            return $"X25519 needs {LibCrypto.Library}: install OpenSSL 3.";
        using EvpKeyHandle key = LibCrypto.NewRawPrivateKey(LibCrypto.X25519, 0, new byte[Size], Size);
        if (!key.IsInvalid)
            return null;
        LibCrypto.ClearErrors();
        return $"{LibCrypto.Library} refuses X25519, as it is configured.";
    }

    private static ReadOnlySpan<byte> Checked(ReadOnlySpan<byte> octets) => octets.Length == Size
        ? octets : throw new ArgumentException($"X25519 takes and gives {Size} octets.", nameof(octets));

    private static EvpKeyHandle Imported(EvpKeyHandle key) => key.IsInvalid ? throw Failed() : key;

    private static void ThrowIfFailed(int result)
    {
        if (result != LibCrypto.Success)
            throw Failed();
    }

    private static CryptographicException Failed()
    {
        LibCrypto.ClearErrors();
        return new CryptographicException("OpenSSL failed in X25519.");
    }
}
