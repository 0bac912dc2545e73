using System.Diagnostics.CodeAnalysis;

namespace Pdm6.Security.Kems;

/// <summary>A key encapsulation mechanism (RFC 9180, section 4). Keys that are handed to it are its own.</summary>
internal abstract class KemAlgorithm
{
    private static readonly Dictionary<HpkeKem, KemAlgorithm> s_algorithms = new KemAlgorithm[]
    {
        new DiffieHellmanKem(HpkeKem.DhkemP256HkdfSha256, NistGroup.P256),
        new DiffieHellmanKem(HpkeKem.DhkemP384HkdfSha384, NistGroup.P384),
        new DiffieHellmanKem(HpkeKem.DhkemP521HkdfSha512, NistGroup.P521),
        new DiffieHellmanKem(HpkeKem.DhkemX25519HkdfSha256, new X25519Group()),
        new MlKem768P256Kem(),
    }.ToDictionary(algorithm => algorithm.Kem);

    public abstract HpkeKem Kem { get; }
    /// <summary>As the specification writes it.</summary>
    public abstract string Name { get; }
    public abstract int PublicKeySize { get; }
    public abstract int PrivateKeySize { get; }
    public abstract int EncapsulationSize { get; }
    public abstract int SharedSecretSize { get; }
    /// <summary>True if it can prove the sender (AuthEncap), as the modes auth and auth-PSK need.</summary>
    public abstract bool Authenticates { get; }

    /// <summary>The mechanism of a number that <see cref="IsSupported(HpkeKem, out string?)"/> knows.</summary>
    public static KemAlgorithm Of(HpkeKem kem) => s_algorithms[kem];

    /// <exception cref="PlatformNotSupportedException">This machine lacks the mechanism; the message says why.</exception>
    public static KemAlgorithm Supported(HpkeKem kem) =>
        IsSupported(kem, out string? why) ? Of(kem) : throw new PlatformNotSupportedException(why);

    public static bool IsSupported(HpkeKem kem, [NotNullWhen(false)] out string? why)
    {
        if (s_algorithms.TryGetValue(kem, out KemAlgorithm? algorithm))
            return algorithm.IsSupported(out why);
        why = $"There is no HPKE KEM 0x{(ushort)kem:x4} here.";
        return false;
    }

    protected abstract bool IsSupported([NotNullWhen(false)] out string? why);

    /// <summary>DeserializePublicKey, and the checks of section 7.1.4; null if the octets are no valid key.</summary>
    /// <param name="octets">As many as a public key has.</param>
    public abstract KemPublicKey? ImportPublicKey(ReadOnlySpan<byte> octets);

    /// <summary>DeserializePrivateKey; null if the octets are no valid key.</summary>
    /// <param name="octets">As many as a private key has.</param>
    public abstract KemPrivateKey? ImportPrivateKey(ReadOnlySpan<byte> octets);

    /// <summary>GenerateKeyPair.</summary>
    public abstract KemPrivateKey Generate();

    /// <summary>DeriveKeyPair.</summary>
    public abstract KemPrivateKey Derive(ReadOnlySpan<byte> inputKeyMaterial);

    /// <summary>Encap, or AuthEncap if there is a sender.</summary>
    /// <param name="recipient">Whom it is for.</param>
    /// <param name="sender">Who proves to have sent it.</param>
    /// <param name="ephemeral">Null but for test vectors: two encapsulations with one ephemeral key give the same
    /// secret.</param>
    /// <param name="sharedSecret">Receives the shared secret.</param>
    /// <returns>The encapsulation ("enc").</returns>
    public abstract byte[] Encapsulate(
        KemPublicKey recipient, KemPrivateKey? sender, KemPrivateKey? ephemeral, Span<byte> sharedSecret);

    /// <summary>Decap, or AuthDecap if there is a sender.</summary>
    /// <returns>False if the encapsulation is not one: it comes from outside.</returns>
    public abstract bool TryDecapsulate(
        ReadOnlySpan<byte> encapsulation, KemPrivateKey recipient, KemPublicKey? sender, Span<byte> sharedSecret);
}
