using System.Security.Cryptography;
using Pdm6.Security.Kems;

namespace Pdm6.Security;

/// <summary>
/// A private key of a KEM (RFC 9180, section 4). Its octets lie where the garbage collector does not copy them, and are
/// zeroed on <see cref="Dispose"/>, by the last thread that is using them, if any is. Safe for use by several threads.
/// </summary>
public sealed class HpkePrivateKey : IDisposable
{
    private readonly KemPrivateKey _key;
    private readonly UseGate _gate;

    private HpkePrivateKey(KemAlgorithm algorithm, KemPrivateKey key)
    {
        _key = key;
        _gate = new UseGate(key.Dispose);
        PublicKey = new HpkePublicKey(algorithm, key.PublicKey);
    }

    /// <summary>The mechanism it belongs to.</summary>
    public HpkeKem Kem => PublicKey.Kem;

    /// <summary>Its public half, which outlives it.</summary>
    public HpkePublicKey PublicKey { get; }

    /// <summary>Octets of <see cref="Export"/>: 32 for P-256, X25519 and MLKEM768-P256, 48 for P-384, 66 for P-521.</summary>
    public int Size => PublicKey.Algorithm.PrivateKeySize;

    /// <summary>A fresh key from the system's random number generator.</summary>
    /// <exception cref="PlatformNotSupportedException">This machine lacks the mechanism; the message says why.</exception>
    public static HpkePrivateKey Generate(HpkeKem kem)
    {
        KemAlgorithm algorithm = KemAlgorithm.Supported(kem);
        return new HpkePrivateKey(algorithm, algorithm.Generate());
    }

    /// <summary>The key that follows from key material (DeriveKeyPair).</summary>
    /// <param name="kem">The mechanism.</param>
    /// <param name="inputKeyMaterial">At least <see cref="Size"/> octets that nobody can guess, used for nothing
    /// else.</param>
    /// <exception cref="ArgumentException">Too little key material.</exception>
    /// <exception cref="PlatformNotSupportedException">This machine lacks the mechanism; the message says why.</exception>
    public static HpkePrivateKey DeriveKeyPair(HpkeKem kem, ReadOnlySpan<byte> inputKeyMaterial)
    {
        KemAlgorithm algorithm = KemAlgorithm.Supported(kem);
        if (inputKeyMaterial.Length < algorithm.PrivateKeySize)
            throw new ArgumentException(
                $"{algorithm.Name} derives keys from {algorithm.PrivateKeySize} octets or more.", nameof(inputKeyMaterial));
        return new HpkePrivateKey(algorithm, algorithm.Derive(inputKeyMaterial));
    }

    /// <summary>Takes the octets of <see cref="Export"/>.</summary>
    /// <exception cref="CryptographicException">They are not a private key of the mechanism.</exception>
    /// <exception cref="PlatformNotSupportedException">This machine lacks the mechanism; the message says why.</exception>
    public static HpkePrivateKey Import(HpkeKem kem, ReadOnlySpan<byte> octets)
    {
        KemAlgorithm algorithm = KemAlgorithm.Supported(kem);
        if (octets.Length != algorithm.PrivateKeySize)
            throw new CryptographicException(
                $"A private key of {algorithm.Name} has {algorithm.PrivateKeySize} octets, not {octets.Length}.");
        return algorithm.ImportPrivateKey(octets) is KemPrivateKey key
            ? new HpkePrivateKey(algorithm, key)
            : throw new CryptographicException($"The octets are not a private key of {algorithm.Name}.");
    }

    /// <summary>Writes the octets of SerializePrivateKey.</summary>
    /// <param name="octets">Exactly <see cref="Size"/> octets; the caller zeroes them.</param>
    /// <exception cref="ArgumentException">The span has another length.</exception>
    /// <exception cref="ObjectDisposedException">After <see cref="Dispose"/>.</exception>
    public void Export(Span<byte> octets)
    {
        if (octets.Length != Size)
            throw new ArgumentException($"A private key of {PublicKey.Algorithm.Name} has {Size} octets.", nameof(octets));
        using UseGate.Visit visit = _gate.Enter(this);
        _key.Octets.CopyTo(octets);
    }

    /// <summary>Ends its use.</summary>
    public void Dispose() => _gate.Close();

    /// <summary>Begins a use of the key, which ends with the visit.</summary>
    /// <exception cref="ObjectDisposedException">After <see cref="Dispose"/>.</exception>
    internal UseGate.Visit Use(out KemPrivateKey key)
    {
        UseGate.Visit visit = _gate.Enter(this);
        key = _key;
        return visit;
    }
}
