using System.Numerics;
using System.Security.Cryptography;

namespace Pdm6.Security.Tests;

public sealed class HpkeKeyTests
{
    /// <summary>The mechanisms of this machine, and the octets of their public and private keys.</summary>
    public static TheoryData<HpkeKem, int, int> Kems
    {
        get
        {
            TheoryData<HpkeKem, int, int> kems = [];
            foreach ((HpkeKem kem, int publicSize, int privateSize) in new[]
            {
                (HpkeKem.DhkemP256HkdfSha256, 65, 32), (HpkeKem.DhkemP384HkdfSha384, 97, 48),
                (HpkeKem.DhkemP521HkdfSha512, 133, 66), (HpkeKem.DhkemX25519HkdfSha256, 32, 32),
                (HpkeKem.MlKem768P256, 1249, 32),
            })
            {
                if ((HpkeSuite.Mandatory with { Kem = kem }).IsSupported(out _))
                    kems.Add(kem, publicSize, privateSize);
            }
            return kems;
        }
    }

    [Theory]
    [MemberData(nameof(Kems))]
    public void ExportedKey_ImportedAgain_IsTheSame(HpkeKem kem, int publicSize, int privateSize)
    {
        using HpkePrivateKey key = HpkePrivateKey.Generate(kem);
        byte[] octets = new byte[key.Size];
        key.Export(octets);
        using HpkePrivateKey again = HpkePrivateKey.Import(kem, octets);

        Assert.Equal(privateSize, octets.Length);
        Assert.Equal(publicSize, key.PublicKey.Octets.Length);
        Assert.Equal(key.PublicKey.Octets, again.PublicKey.Octets);
        Assert.Equal(kem, again.Kem);
        Assert.True(HpkePublicKey.TryImport(kem, key.PublicKey.Octets, out HpkePublicKey? publicKey, out _));
        Assert.Equal(key.PublicKey.KeyId, publicKey.KeyId);
        Assert.Equal(SHA256.HashData(publicKey.Octets), Convert.FromHexString(publicKey.KeyId.ToString()));
    }

    [Theory]
    [MemberData(nameof(Kems))]
    public void Generate_Twice_GivesTwoKeys(HpkeKem kem, int publicSize, int privateSize)
    {
        _ = (publicSize, privateSize);
        using HpkePrivateKey one = HpkePrivateKey.Generate(kem), other = HpkePrivateKey.Generate(kem);
        Assert.NotEqual(one.PublicKey.KeyId, other.PublicKey.KeyId);
    }

    [Theory]
    [MemberData(nameof(Kems))]
    public void TryImport_WrongLengths_AreRefusedWithTheRightOne(HpkeKem kem, int publicSize, int privateSize)
    {
        _ = privateSize;
        foreach (int size in new[] { 0, 1, publicSize - 1, publicSize + 1, 4096 })
        {
            Assert.False(HpkePublicKey.TryImport(kem, new byte[size], out HpkePublicKey? key, out string? error));
            Assert.Null(key);
            Assert.Contains($"has {publicSize} octets, not {size}", error);
        }
    }

    [Theory]
    [MemberData(nameof(Kems))]
    public void Import_WrongLengths_AreRefusedWithTheRightOne(HpkeKem kem, int publicSize, int privateSize)
    {
        _ = publicSize;
        foreach (int size in new[] { 0, privateSize - 1, privateSize + 1 })
        {
            CryptographicException refusal =
                Assert.Throws<CryptographicException>(() => HpkePrivateKey.Import(kem, new byte[size]));
            Assert.Contains($"has {privateSize} octets, not {size}", refusal.Message);
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(0x0021)]
    [InlineData(0xffff)]
    public void UnknownKem_Everywhere_IsRefusedByItsNumber(int number)
    {
        HpkeKem kem = (HpkeKem)number;
        Assert.False(HpkePublicKey.TryImport(kem, new byte[65], out _, out string? error));
        Assert.Contains($"0x{number:x4}", error);
        Assert.Contains(
            $"0x{number:x4}", Assert.Throws<PlatformNotSupportedException>(() => HpkePrivateKey.Generate(kem)).Message);
    }

    [Theory]
    [InlineData(HpkeKem.DhkemP256HkdfSha256)]
    [InlineData(HpkeKem.DhkemP384HkdfSha384)]
    [InlineData(HpkeKem.DhkemP521HkdfSha512)]
    public void TryImport_NoPointOfTheCurve_IsRefused(HpkeKem kem)
    {
        using HpkePrivateKey key = HpkePrivateKey.Generate(kem);
        byte[] right = key.PublicKey.Octets.ToArray();
        Action<byte[]>[] changes =
        [
            octets => octets[^1] ^= 1, // beside the curve
            octets => octets.AsSpan(1).Clear(),
            octets => octets.AsSpan(1).Fill(0xff), // no field elements
            octets => octets[0] = 0, // infinity
            octets => octets[0] = 2, // a compressed point
            octets => octets[0] = 6, // a hybrid one
        ];
        Assert.True(HpkePublicKey.TryImport(kem, right, out _, out _));
        Assert.All(changes, change =>
        {
            byte[] octets = [.. right];
            change(octets);
            Assert.False(HpkePublicKey.TryImport(kem, octets, out _, out string? error));
            Assert.Contains("not a valid public key", error);
        });
    }

    /// <summary>The point (5, y) of P-256, with its x once more as 5 + p, which fits into 32 octets: RFC 9180, section
    /// 7.1.4, wants coordinates below p.</summary>
    [Fact]
    public void TryImport_CoordinateNotBelowTheModulus_IsRefused()
    {
        BigInteger modulus = BigInteger.Pow(2, 256) - BigInteger.Pow(2, 224) + BigInteger.Pow(2, 192) + BigInteger.Pow(2, 96) - 1;
        BigInteger b = new(
            Convert.FromHexString("5ac635d8aa3a93e7b3ebbd55769886bc651d06b0cc53b0f63bce3c3e27d2604b"), isUnsigned: true, isBigEndian: true);
        BigInteger x = 5;
        BigInteger y = BigInteger.ModPow(x * x * x - 3 * x + b, (modulus + 1) / 4, modulus); // p is 3 modulo 4
        Assert.True(Import(x, y));
        Assert.False(Import(x + modulus, y));

        static bool Import(BigInteger x, BigInteger y) => HpkePublicKey.TryImport(
            HpkeKem.DhkemP256HkdfSha256, [4, .. Octets(x), .. Octets(y)], out _, out _);

        static byte[] Octets(BigInteger coordinate)
        {
            byte[] octets = new byte[32];
            byte[] value = coordinate.ToByteArray(isUnsigned: true, isBigEndian: true);
            value.CopyTo(octets, octets.Length - value.Length);
            return octets;
        }
    }

    [Theory]
    [InlineData("0000000000000000000000000000000000000000000000000000000000000000", false)]
    [InlineData("0000000000000000000000000000000000000000000000000000000000000001", true)]
    [InlineData("ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632550", true)]
    [InlineData("ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551", false)]
    [InlineData("ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff", false)]
    public void Import_ScalarsAroundTheOrder_TakesThoseBelowIt(string scalar, bool isKey)
    {
        byte[] octets = Convert.FromHexString(scalar);
        if (isKey)
            HpkePrivateKey.Import(HpkeKem.DhkemP256HkdfSha256, octets).Dispose();
        else
            Assert.Throws<CryptographicException>(() => HpkePrivateKey.Import(HpkeKem.DhkemP256HkdfSha256, octets));
    }

    [Fact]
    public void DeriveKeyPair_TooLittleMaterial_Throws() => Assert.Throws<ArgumentException>(
        () => HpkePrivateKey.DeriveKeyPair(HpkeKem.DhkemP256HkdfSha256, new byte[31]));

    [Fact]
    public void DisposedKey_AnyUse_Throws()
    {
        HpkePrivateKey key = HpkePrivateKey.Generate(HpkeKem.DhkemP256HkdfSha256);
        byte[] ciphertext = Hpke.SealBase(HpkeSuite.Mandatory, key.PublicKey, [], [], [1], out byte[] encapsulation);
        key.Dispose();
        Assert.Throws<ObjectDisposedException>(() => key.Export(new byte[32]));
        Assert.Throws<ObjectDisposedException>(() => Hpke.TryOpenBase(
            HpkeSuite.Mandatory, key, encapsulation, [], [], ciphertext, new byte[1], out _));
        Hpke.SealBase(HpkeSuite.Mandatory, key.PublicKey, [], [], [1], out _); // the public half outlives it
    }

    [Fact]
    public void KeyId_TextAndOctets_GiveItBack()
    {
        HpkeKeyId id = HpkeKeyId.Of([1, 2, 3]);
        byte[] octets = new byte[HpkeKeyId.Size];
        id.Write(octets);
        Assert.Equal(id, HpkeKeyId.Read(octets));
        Assert.Equal(Convert.ToHexStringLower(octets), id.ToString());
        Assert.True(HpkeKeyId.TryParse(id.ToString(), out HpkeKeyId parsed));
        Assert.Equal(id, parsed);
        foreach (string wrong in new[] { "", id.ToString()[1..], id + "0", "x" + id.ToString()[1..], id.ToString()[..63] + " " })
            Assert.False(HpkeKeyId.TryParse(wrong, out _));
    }
}
