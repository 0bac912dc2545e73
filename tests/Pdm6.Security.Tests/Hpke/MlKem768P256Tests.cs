using System.Security.Cryptography;
using Pdm6.Security.Kems;

namespace Pdm6.Security.Tests;

/// <summary>MLKEM768-P256 with the textbook's ML-KEM: everything but the platform's ML-KEM itself, on every
/// platform.</summary>
public sealed class MlKem768P256Tests
{
    private static readonly HpkeVector[] s_vectors =
        [.. HpkeVector.ReadAll("hpke_pq.json").Where(vector => vector.Suite.Kem == HpkeKem.MlKem768P256)];

    private static readonly MlKem768P256Kem s_kem = new(new TextbookProvider());

    [Fact]
    public void Vectors_OfTheFile_AreTwo() => Assert.Equal(2, s_vectors.Length);

    [Fact]
    public void Derive_Vector_GivesItsKeys() => Assert.All(s_vectors, vector =>
    {
        using KemPrivateKey key = s_kem.Derive(vector["ikmR"]);
        Assert.Equal(vector["skRm"], key.Octets);
        Assert.Equal(vector["pkRm"], key.PublicKey.Octets);
    });

    [Fact]
    public void TryDecapsulate_Vector_GivesItsSharedSecret() => Assert.All(s_vectors, vector =>
    {
        using KemPrivateKey key = s_kem.ImportPrivateKey(vector["skRm"]);
        byte[] secret = new byte[s_kem.SharedSecretSize];
        Assert.True(s_kem.TryDecapsulate(vector["enc"], key, sender: null, secret));
        Assert.Equal(vector["shared_secret"], secret);
    });

    /// <summary>The combiner by itself, from what the two KEMs of the vector give.</summary>
    [Fact]
    public void Combine_KemOutputsOfTheVector_GivesItsSharedSecret() => Assert.All(s_vectors, vector =>
    {
        byte[] expanded = Shake256.HashData(vector["skRm"], 64 + 32);
        using TextbookMlKem768 mlKem = TextbookMlKem768.FromSeed(expanded.AsSpan(0, 64));
        byte[] mlKemSecret = mlKem.Decapsulate(vector["enc"][..^65]);
        byte[] ephemeralPoint = vector["enc"][^65..], recipientPoint = vector["pkRm"][^65..];
        using NistPrivateKey scalar = (NistPrivateKey)NistGroup.P256.ImportPrivateKey(expanded.AsSpan(64))!;
        byte[] agreement = new byte[32];
        Assert.True(scalar.TryAgree(NistGroup.P256.ImportPublicKey(ephemeralPoint)!, agreement));

        byte[] secret = new byte[HybridSecret.Size];
        HybridSecret.Combine(mlKemSecret, agreement, ephemeralPoint, recipientPoint, secret);
        Assert.Equal(vector["shared_secret"], secret);
    });

    [Fact]
    public void Encapsulate_FreshKey_AgreesWithDecapsulation()
    {
        using KemPrivateKey key = s_kem.Generate();
        byte[] sent = new byte[s_kem.SharedSecretSize], received = new byte[s_kem.SharedSecretSize];
        KemPublicKey recipient = s_kem.ImportPublicKey(key.PublicKey.Octets)!;
        byte[] encapsulation = s_kem.Encapsulate(recipient, sender: null, ephemeral: null, sent);
        Assert.Equal(s_kem.EncapsulationSize, encapsulation.Length);
        Assert.True(s_kem.TryDecapsulate(encapsulation, key, sender: null, received));
        Assert.Equal(sent, received);
        Assert.NotEqual(encapsulation, s_kem.Encapsulate(recipient, sender: null, ephemeral: null, sent));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1088)]
    [InlineData(1152)]
    public void TryDecapsulate_ChangedOctet_GivesAnotherSecretOrNone(int position)
    {
        HpkeVector vector = s_vectors[0];
        using KemPrivateKey key = s_kem.ImportPrivateKey(vector["skRm"]);
        byte[] encapsulation = vector["enc"];
        encapsulation[position] ^= 1;
        byte[] secret = new byte[s_kem.SharedSecretSize];
        bool isOne = s_kem.TryDecapsulate(encapsulation, key, sender: null, secret);
        Assert.Equal(position < 1088, isOne); // ML-KEM rejects implicitly, P-256 explicitly
        Assert.NotEqual(vector["shared_secret"], secret);
    }

    [Fact]
    public void ImportPublicKey_CoefficientNotBelowQ_IsRefused()
    {
        byte[] octets = s_vectors[0]["pkRm"];
        Assert.NotNull(s_kem.ImportPublicKey(octets));
        octets[0] = 0xff;
        octets[1] |= 0x0f;
        Assert.Null(s_kem.ImportPublicKey(octets));
    }

    [Fact]
    public void ImportPublicKey_PointNotOnTheCurve_IsRefused()
    {
        byte[] octets = s_vectors[0]["pkRm"];
        octets[^1] ^= 1;
        Assert.Null(s_kem.ImportPublicKey(octets));
    }
}
