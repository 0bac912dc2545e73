using System.Security.Cryptography;

namespace Pdm6.Security.Tests;

/// <summary>The 13 set-ups of draft-ietf-hpke-pq. pdm6 has of them MLKEM768-P256, DHKEM and SHAKE.</summary>
public sealed class HpkePqVectorTests() : HpkeVectorTests(File)
{
    private const string File = "hpke_pq.json";

    [Theory]
    [HpkeVectors(File)]
    [MissingHpkeVectors(File)]
    public void Recipient_Vector_OpensItsMessages(HpkeVectorCase row)
    {
        AssertRecipientOpensTheVector(row.Vector);
        AssertKeyPair(row.Vector, "ikmR", "skRm", "pkRm");
    }

    [Theory]
    [InlineData(HpkeKem.DhkemP256HkdfSha256)]
    [InlineData(HpkeKem.DhkemP384HkdfSha384)]
    public void Sender_VectorOfDhkem_MakesItsOctets(HpkeKem kem) =>
        AssertSenderMakesTheVector(Assert.Single(Vectors, vector => vector.Suite.Kem == kem));

    /// <summary>Behind the KEM everything can run but TurboSHAKE: from the vectors' own shared secrets.</summary>
    [Fact]
    public void KeySchedule_EveryVectorButThoseOfTurboShake_GivesItsSecrets()
    {
        HpkeVector[] runnable = [.. Vectors.Where(vector => Enum.IsDefined(vector.Suite.Kdf))];
        Assert.Equal(10, runnable.Length);
        Assert.All(runnable, AssertScheduleGivesTheVector);
    }

    /// <summary>Those of other KEMs and of TurboSHAKE on every platform; those of MLKEM768-P256 where it has no ML-KEM.</summary>
    [Fact]
    public void Vectors_ThatCannotRunHere_AreNamed() => Assert.Equal(
        [
            "ML-KEM-512, HkdfSha256, Aes128Gcm, Base",
            "ML-KEM-768, HkdfSha256, Aes128Gcm, Base",
            "ML-KEM-1024, HkdfSha384, Aes256Gcm, Base",
            .. MLKem.IsSupported ? Array.Empty<string>() : ["MlKem768P256, HkdfSha256, Aes128Gcm, Base"],
            "MLKEM768-X25519, HkdfSha256, ChaCha20Poly1305, Base",
            "MLKEM1024-P384, HkdfSha384, Aes256Gcm, Base",
            "DhkemX25519HkdfSha256, TurboSHAKE128, ChaCha20Poly1305, Base",
            "DHKEM(X448, HKDF-SHA512), TurboSHAKE256, ChaCha20Poly1305, Base",
            .. MLKem.IsSupported ? Array.Empty<string>() : ["MlKem768P256, Shake128, Aes256Gcm, Base"],
            "MLKEM768-X25519, Shake256, ChaCha20Poly1305, Base",
            "ML-KEM-1024, TurboSHAKE256, Aes128Gcm, Base",
        ],
        Missing());

    [Fact]
    public void IsSupported_MlKemWithoutThePlatforms_SaysWhy()
    {
        HpkeSuite suite = HpkeSuite.Mandatory with { Kem = HpkeKem.MlKem768P256 };
        Assert.Equal(MLKem.IsSupported, suite.IsSupported(out string? why));
        if (!MLKem.IsSupported)
            Assert.Equal("The platform has no ML-KEM (OpenSSL 3.5 has it).", why);
    }
}
