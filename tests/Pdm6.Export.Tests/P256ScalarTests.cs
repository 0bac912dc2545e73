using System.Globalization;
using System.Numerics;
using System.Security.Cryptography;

namespace Pdm6.Export.Tests;

public sealed class P256ScalarTests
{
    private static readonly BigInteger _order = BigInteger.Parse(
        "00ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551", NumberStyles.HexNumber);

    [Fact]
    public void FromSeed_RandomSeeds_EqualsBigIntegerArithmetic()
    {
        for (int i = 0; i < 500; i++)
            AssertReduced(RandomNumberGenerator.GetBytes(P256Scalar.SeedSize));
    }

    [Fact]
    public void FromSeed_SeedsAtTheEdges_EqualsBigIntegerArithmetic()
    {
        BigInteger modulus = _order - 1;
        BigInteger largest = BigInteger.Pow(2, 384) - 1;
        foreach (BigInteger seed in new[]
        {
            BigInteger.Zero, BigInteger.One, modulus - 1, modulus, modulus + 1, BigInteger.Pow(2, 256) - 1,
            BigInteger.Pow(2, 256), modulus * BigInteger.Pow(2, 128), modulus * BigInteger.Pow(2, 128) - 1, largest,
        })
        {
            byte[] octets = new byte[P256Scalar.SeedSize];
            byte[] value = seed.ToByteArray(isUnsigned: true, isBigEndian: true);
            value.CopyTo(octets, octets.Length - value.Length);
            AssertReduced(octets);
        }
    }

    private static void AssertReduced(byte[] seed)
    {
        byte[] scalar = new byte[P256Scalar.Size];
        P256Scalar.FromSeed(seed, scalar);
        BigInteger expected = new BigInteger(seed, isUnsigned: true, isBigEndian: true) % (_order - 1) + 1;
        Assert.Equal(expected, new BigInteger(scalar, isUnsigned: true, isBigEndian: true));
    }
}
