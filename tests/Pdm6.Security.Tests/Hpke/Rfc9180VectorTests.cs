using Pdm6.Security.Native;

namespace Pdm6.Security.Tests;

/// <summary>The 28 set-ups of RFC 9180, appendix A, from key material to exported secrets.</summary>
public sealed class Rfc9180VectorTests() : HpkeVectorTests(File)
{
    private const string File = "hpke_rfc9180.json";

    [Theory]
    [HpkeVectors(File)]
    [MissingHpkeVectors(File)]
    public void Sender_Vector_MakesItsOctets(HpkeVectorCase row) => AssertSenderMakesTheVector(row.Vector);

    [Theory]
    [HpkeVectors(File)]
    public void Recipient_Vector_OpensItsMessages(HpkeVectorCase row) => AssertRecipientOpensTheVector(row.Vector);

    [Theory]
    [HpkeVectors(File)]
    public void DeriveKeyPair_Vector_GivesItsKeys(HpkeVectorCase row)
    {
        AssertKeyPair(row.Vector, "ikmE", "skEm", "pkEm");
        AssertKeyPair(row.Vector, "ikmR", "skRm", "pkRm");
        if (row.Vector.Has("ikmS"))
            AssertKeyPair(row.Vector, "ikmS", "skSm", "pkSm");
    }

    [Fact]
    public void KeySchedule_EveryVector_GivesItsSecrets()
    {
        Assert.Equal(28, Vectors.Length);
        Assert.All(Vectors, AssertScheduleGivesTheVector);
    }

    /// <summary>With libcrypto all 28 run; without it, all but those with X25519, which are then named as skipped.</summary>
    [Fact]
    public void Vectors_ThatCannotRunHere_AreThoseOfX25519WithoutLibcrypto() => Assert.Equal(
        Vectors.Where(vector => vector.Suite.Kem == HpkeKem.DhkemX25519HkdfSha256 && !X25519.IsAvailable(out _))
            .Select(vector => vector.Name),
        Missing());
}
