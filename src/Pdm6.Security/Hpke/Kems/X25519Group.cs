using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using Pdm6.Security.Native;
using Pdm6.Security.Schedule;

namespace Pdm6.Security.Kems;

/// <summary>X25519 (RFC 7748), where libcrypto has it.</summary>
internal sealed class X25519Group() : DiffieHellmanGroup("X25519", HashAlgorithmName.SHA256)
{
    public override int PublicKeySize => X25519.Size;
    public override int PrivateKeySize => X25519.Size;
    public override int AgreementSize => X25519.Size;

    public override bool IsSupported([NotNullWhen(false)] out string? why) => X25519.IsAvailable(out why);

    /// <remarks>Every 32 octets are a point. Those of small order agree with any private key on zeros, so one try, with any
    /// key, finds them.</remarks>
    public override DiffieHellmanPublicKey? ImportPublicKey(ReadOnlySpan<byte> octets)
    {
        EvpKeyHandle key = X25519.ImportPublicKey(octets);
        Span<byte> agreement = stackalloc byte[X25519.Size];
        using EvpKeyHandle any = X25519.ImportPrivateKey(stackalloc byte[X25519.Size]);
        if (X25519.TryAgree(any, key, agreement))
            return new X25519PublicKey(octets.ToArray(), key);
        key.Dispose();
        return null;
    }

    public override DiffieHellmanPrivateKey ImportPrivateKey(ReadOnlySpan<byte> octets) => new X25519PrivateKey(octets);

    public override DiffieHellmanPrivateKey Derive(LabeledHkdf hkdf, ReadOnlySpan<byte> extracted)
    {
        Span<byte> octets = stackalloc byte[X25519.Size];
        hkdf.Expand(extracted, "sk"u8, [], octets);
        X25519PrivateKey key = new(octets);
        CryptographicOperations.ZeroMemory(octets);
        return key;
    }
}
