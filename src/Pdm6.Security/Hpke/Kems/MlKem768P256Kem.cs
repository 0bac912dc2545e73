using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using Pdm6.Security.Schedule;

namespace Pdm6.Security.Kems;

/// <summary>
/// MLKEM768-P256 (draft-ietf-hpke-pq, draft-irtf-cfrg-concrete-hybrid-kems): an encapsulation with ML-KEM-768 (FIPS 203)
/// and an agreement on P-256, combined so that the secret holds as long as one of the two does. A private key is a
/// seed of 32 octets.
/// </summary>
/// <param name="provider">Where ML-KEM comes from.</param>
internal sealed class MlKem768P256Kem(IMlKem768 provider) : KemAlgorithm
{
    private const int SeedSize = 32;
    private const int MlKemSeedSize = 64;
    /// <summary>Octets from which a scalar is drawn: four tries.</summary>
    private const int ScalarSeedSize = 128;

    private static readonly byte[] s_suiteId = [.. "KEM"u8, (byte)((ushort)HpkeKem.MlKem768P256 >> 8), (byte)HpkeKem.MlKem768P256];
    private static readonly int s_encapsulationKeySize = MLKemAlgorithm.MLKem768.EncapsulationKeySizeInBytes;
    private static readonly int s_ciphertextSize = MLKemAlgorithm.MLKem768.CiphertextSizeInBytes;
    private static readonly int s_mlKemSecretSize = MLKemAlgorithm.MLKem768.SharedSecretSizeInBytes;

    /// <summary>With the platform's ML-KEM.</summary>
    public MlKem768P256Kem()
        : this(new PlatformMlKem768())
    {
    }

    public override HpkeKem Kem => HpkeKem.MlKem768P256;
    public override string Name => HybridSecret.Label;
    public override int PublicKeySize => s_encapsulationKeySize + NistGroup.P256.PublicKeySize;
    public override int PrivateKeySize => SeedSize;
    public override int EncapsulationSize => s_ciphertextSize + NistGroup.P256.PublicKeySize;
    public override int SharedSecretSize => HybridSecret.Size;
    public override bool Authenticates => false;

    protected override bool IsSupported([NotNullWhen(false)] out string? why)
    {
        if (!provider.IsSupported(out why))
            return false;
        why = Shake256.IsSupported && SHA3_256.IsSupported ? null : "The platform has no SHA-3 (OpenSSL 3 has it).";
        return why is null;
    }

    public override KemPublicKey? ImportPublicKey(ReadOnlySpan<byte> octets)
    {
        if (NistGroup.P256.ImportPublicKey(octets[s_encapsulationKeySize..]) is not NistPublicKey point)
            return null;
        try
        {
            return new MlKem768P256PublicKey(
                octets.ToArray(), provider.ImportEncapsulationKey(octets[..s_encapsulationKeySize]), point);
        }
        catch (CryptographicException)
        {
            return null; // received octets that are no encapsulation key: the platform has no other way to say so
        }
    }

    public override KemPrivateKey ImportPrivateKey(ReadOnlySpan<byte> octets)
    {
        Span<byte> expanded = stackalloc byte[MlKemSeedSize + ScalarSeedSize];
        try
        {
            Shake256.HashData(octets, expanded);
            return new MlKem768P256PrivateKey(
                octets, provider.ImportPrivateSeed(expanded[..MlKemSeedSize]), RandomScalar(expanded[MlKemSeedSize..]),
                provider);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(expanded);
        }
    }

    public override KemPrivateKey Generate()
    {
        Span<byte> seed = stackalloc byte[SeedSize];
        RandomNumberGenerator.Fill(seed);
        return ImportAndZero(seed);
    }

    public override KemPrivateKey Derive(ReadOnlySpan<byte> inputKeyMaterial)
    {
        Span<byte> seed = stackalloc byte[SeedSize];
        new LabeledShake(Shake256.HashData, s_suiteId).Derive(inputKeyMaterial, "DeriveKeyPair"u8, [], seed);
        return ImportAndZero(seed);
    }

    public override byte[] Encapsulate(
        KemPublicKey recipient, KemPrivateKey? sender, KemPrivateKey? ephemeral, Span<byte> sharedSecret)
    {
        if (sender is not null || ephemeral is not null)
            throw new ArgumentException($"{Name} takes neither a sender nor an ephemeral key.");
        MlKem768P256PublicKey key = (MlKem768P256PublicKey)recipient;
        byte[] encapsulation = new byte[EncapsulationSize];
        Span<byte> mlKemSecret = stackalloc byte[s_mlKemSecretSize];
        Span<byte> agreement = stackalloc byte[NistGroup.P256.AgreementSize];
        key.EncapsulateMlKem(encapsulation.AsSpan(0, s_ciphertextSize), mlKemSecret);
        using (NistPrivateKey fresh = GenerateScalar())
        {
            fresh.PublicKey.Octets.CopyTo(encapsulation.AsSpan(s_ciphertextSize));
            fresh.TryAgree(key.Point, agreement);
        }
        HybridSecret.Combine(
            mlKemSecret, agreement, encapsulation.AsSpan(s_ciphertextSize), key.Point.Octets, sharedSecret);
        CryptographicOperations.ZeroMemory(mlKemSecret);
        CryptographicOperations.ZeroMemory(agreement);
        return encapsulation;
    }

    public override bool TryDecapsulate(
        ReadOnlySpan<byte> encapsulation, KemPrivateKey recipient, KemPublicKey? sender, Span<byte> sharedSecret)
    {
        if (encapsulation.Length != EncapsulationSize
            || NistGroup.P256.ImportPublicKey(encapsulation[s_ciphertextSize..]) is not { } ephemeral)
            return false;
        MlKem768P256PrivateKey key = (MlKem768P256PrivateKey)recipient;
        Span<byte> mlKemSecret = stackalloc byte[s_mlKemSecretSize];
        Span<byte> agreement = stackalloc byte[NistGroup.P256.AgreementSize];
        key.DecapsulateMlKem(encapsulation[..s_ciphertextSize], mlKemSecret);
        key.Scalar.TryAgree(ephemeral, agreement);
        HybridSecret.Combine(
            mlKemSecret, agreement, ephemeral.Octets, key.Scalar.PublicKey.Octets, sharedSecret);
        CryptographicOperations.ZeroMemory(mlKemSecret);
        CryptographicOperations.ZeroMemory(agreement);
        return true;
    }

    private KemPrivateKey ImportAndZero(Span<byte> seed)
    {
        try
        {
            return ImportPrivateKey(seed);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(seed);
        }
    }

    private static NistPrivateKey GenerateScalar()
    {
        Span<byte> seed = stackalloc byte[ScalarSeedSize];
        RandomNumberGenerator.Fill(seed);
        NistPrivateKey key = RandomScalar(seed);
        CryptographicOperations.ZeroMemory(seed);
        return key;
    }

    /// <summary>The first part of the seed that is a scalar. That none is has a chance below 2^-128.</summary>
    private static NistPrivateKey RandomScalar(ReadOnlySpan<byte> seed)
    {
        for (; !seed.IsEmpty; seed = seed[NistGroup.P256.PrivateKeySize..])
            if (NistGroup.P256.ImportPrivateKey(seed[..NistGroup.P256.PrivateKeySize]) is NistPrivateKey key)
                return key;
        throw new CryptographicException("No scalar in the seed: it is not random.");
    }
}
