using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using Pdm6.Security.Schedule;

namespace Pdm6.Security.Kems;

/// <summary>A group for DHKEM (RFC 9180, sections 4.1 and 7.1).</summary>
/// <param name="name">As the specification writes it.</param>
/// <param name="hash">The hash of the HKDF that goes with it.</param>
internal abstract class DiffieHellmanGroup(string name, HashAlgorithmName hash)
{
    public string Name => name;
    public HashAlgorithmName Hash => hash;
    public abstract int PublicKeySize { get; }
    public abstract int PrivateKeySize { get; }
    /// <summary>Octets of what two keys agree on.</summary>
    public abstract int AgreementSize { get; }

    public abstract bool IsSupported([NotNullWhen(false)] out string? why);

    /// <summary>Null if the octets, which are as many as must be, are no key or one of section 7.1.4's bad ones.</summary>
    public abstract DiffieHellmanPublicKey? ImportPublicKey(ReadOnlySpan<byte> octets);

    /// <summary>Null if the octets, which are as many as must be, are no key.</summary>
    public abstract DiffieHellmanPrivateKey? ImportPrivateKey(ReadOnlySpan<byte> octets);

    /// <summary>DeriveKeyPair from its extracted key (section 7.1.3).</summary>
    public abstract DiffieHellmanPrivateKey Derive(LabeledHkdf hkdf, ReadOnlySpan<byte> extracted);
}
