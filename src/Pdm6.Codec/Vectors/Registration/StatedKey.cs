using System.Formats.Asn1;
using System.Numerics;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Pdm6.Codec.Vectors.Registration;

/// <summary>A P-256 key that vectors state, whose ECDSA signatures follow from the message (RFC 6979 with SHA-256), so
/// that the same vectors come out at every run. It protects nothing, and its arithmetic takes time that depends on the
/// key.</summary>
internal sealed class StatedKey : X509SignatureGenerator
{
    private const int Size = 32;
    private const string EcdsaSha256 = "1.2.840.10045.4.3.2";

    private static readonly BigInteger s_order = new(
        Convert.FromHexString("ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551"), isUnsigned: true, isBigEndian: true);

    private readonly byte[] _private;

    /// <param name="scalar">The private key, 32 octets.</param>
    public StatedKey(byte[] scalar)
    {
        _private = scalar;
        using ECDsa key = ECDsa.Create(OfScalar(scalar));
        PublicKeyInfo = key.ExportSubjectPublicKeyInfo();
    }

    /// <summary>The key of a name.</summary>
    public static StatedKey Of(string name) => new(SHA256.HashData(Encoding.ASCII.GetBytes($"pdm6 vectors: identity of {name}")));

    /// <summary>The private key: 32 octets.</summary>
    public byte[] Scalar => _private;

    public byte[] PublicKeyInfo { get; }

    /// <summary>The signature of a message: r || s.</summary>
    public byte[] Sign(ReadOnlySpan<byte> message)
    {
        byte[] hash = SHA256.HashData(message);
        BigInteger digest = Number(hash), secret = Number(_private);
        byte[] reduced = Octets(digest % s_order);
        byte[] v = [.. Enumerable.Repeat((byte)1, Size)], k = new byte[Size], seed;
        foreach (byte step in (ReadOnlySpan<byte>)[0, 1])
        {
            seed = [.. v, step, .. _private, .. reduced];
            k = HMACSHA256.HashData(k, seed);
            v = HMACSHA256.HashData(k, v);
        }
        while (true)
        {
            v = HMACSHA256.HashData(k, v);
            BigInteger number = Number(v);
            if (!number.IsZero && number < s_order)
            {
                BigInteger r = Number(AbscissaOf(v)) % s_order;
                BigInteger s = BigInteger.ModPow(number, s_order - 2, s_order) * (digest + r * secret) % s_order;
                if (!r.IsZero && !s.IsZero)
                    return [.. Octets(r), .. Octets(s)];
            }
            seed = [.. v, 0];
            k = HMACSHA256.HashData(k, seed);
            v = HMACSHA256.HashData(k, v);
        }
    }

    public override byte[] GetSignatureAlgorithmIdentifier(HashAlgorithmName hashAlgorithm)
    {
        AsnWriter writer = new(AsnEncodingRules.DER);
        using (writer.PushSequence())
            writer.WriteObjectIdentifier(EcdsaSha256);
        return writer.Encode();
    }

    public override byte[] SignData(byte[] data, HashAlgorithmName hashAlgorithm)
    {
        byte[] signature = Sign(data);
        AsnWriter writer = new(AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            writer.WriteIntegerUnsigned(TrimZeros(signature.AsSpan(0, Size)));
            writer.WriteIntegerUnsigned(TrimZeros(signature.AsSpan(Size)));
        }
        return writer.Encode();
    }

    protected override PublicKey BuildPublicKey() => PublicKey.CreateFromSubjectPublicKeyInfo(PublicKeyInfo, out _);

    /// <summary>The first coordinate of a multiple of the base point.</summary>
    private static byte[] AbscissaOf(byte[] scalar)
    {
        using ECDsa key = ECDsa.Create(OfScalar(scalar));
        return key.ExportParameters(includePrivateParameters: false).Q.X!;
    }

    private static ECParameters OfScalar(byte[] scalar) => new() { Curve = ECCurve.NamedCurves.nistP256, D = scalar };

    private static ReadOnlySpan<byte> TrimZeros(ReadOnlySpan<byte> number) => number.TrimStart((byte)0);

    private static BigInteger Number(byte[] octets) => new(octets, isUnsigned: true, isBigEndian: true);

    private static byte[] Octets(BigInteger number)
    {
        byte[] octets = new byte[Size];
        byte[] shortest = number.ToByteArray(isUnsigned: true, isBigEndian: true);
        shortest.CopyTo(octets, Size - shortest.Length);
        return octets;
    }
}
