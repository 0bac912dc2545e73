using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using Pdm6.Security.Schedule;

namespace Pdm6.Security.Kems;

/// <summary>P-256, P-384 or P-521, on the platform's ECDH. Public keys are uncompressed points (SEC 1, section
/// 2.3.3).</summary>
internal sealed class NistGroup : DiffieHellmanGroup
{
    /// <summary>First octet of an uncompressed point.</summary>
    public const byte Uncompressed = 4;

    private readonly byte[] _order;
    private readonly byte _candidateMask;

    private NistGroup(string name, ECCurve curve, HashAlgorithmName hash, string order)
        : base(name, hash)
    {
        Curve = curve;
        _order = Convert.FromHexString(order);
        // The bits of a candidate above those of the order.
        _candidateMask = (byte)((1 << (8 - byte.LeadingZeroCount(_order[0]))) - 1);
    }

    public static NistGroup P256 { get; } = new(
        "P-256", ECCurve.NamedCurves.nistP256, HashAlgorithmName.SHA256,
        "ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551");

    public static NistGroup P384 { get; } = new(
        "P-384", ECCurve.NamedCurves.nistP384, HashAlgorithmName.SHA384,
        "ffffffffffffffffffffffffffffffffffffffffffffffffc7634d81f4372ddf581a0db248b0a77aecec196accc52973");

    public static NistGroup P521 { get; } = new(
        "P-521", ECCurve.NamedCurves.nistP521, HashAlgorithmName.SHA512,
        "01fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffa"
        + "51868783bf2f966b7fcc0148f709a5d03bb5c9b8899c47aebb6fb71e91386409");

    public ECCurve Curve { get; }
    public override int PublicKeySize => 1 + 2 * _order.Length;
    public override int PrivateKeySize => _order.Length;
    public override int AgreementSize => _order.Length;

    public override bool IsSupported([NotNullWhen(false)] out string? why)
    {
        why = null;
        return true;
    }

    public override DiffieHellmanPublicKey? ImportPublicKey(ReadOnlySpan<byte> octets)
    {
        if (octets[0] != Uncompressed)
            return null;
        ECPoint point = new()
        {
            X = octets.Slice(1, AgreementSize).ToArray(),
            Y = octets[(1 + AgreementSize)..].ToArray(),
        };
        try
        {
            // The import checks that the point is on the curve. The order of the curves is prime, and infinity cannot
            // be written so: nothing is left to check.
            using ECDiffieHellman key = ECDiffieHellman.Create(new ECParameters { Curve = Curve, Q = point });
            return new NistPublicKey(octets.ToArray(), key.PublicKey);
        }
        catch (CryptographicException)
        {
            return null; // a received point that is none: the platform has no other way to say so
        }
    }

    public override DiffieHellmanPrivateKey? ImportPrivateKey(ReadOnlySpan<byte> octets) =>
        IsScalar(octets) ? new NistPrivateKey(this, octets) : null;

    public override DiffieHellmanPrivateKey Derive(LabeledHkdf hkdf, ReadOnlySpan<byte> extracted)
    {
        Span<byte> candidate = stackalloc byte[PrivateKeySize];
        try
        {
            for (byte counter = 0; counter < byte.MaxValue; counter++)
            {
                hkdf.Expand(extracted, "candidate"u8, [counter], candidate);
                candidate[0] &= _candidateMask;
                if (IsScalar(candidate))
                    return new NistPrivateKey(this, candidate);
            }
        }
        finally
        {
            CryptographicOperations.ZeroMemory(candidate);
        }
        throw new CryptographicException("DeriveKeyPair found no key: the key material is not random.");
    }

    /// <summary>1 to the order - 1.</summary>
    private bool IsScalar(ReadOnlySpan<byte> octets) =>
        octets.SequenceCompareTo(_order) < 0 && octets.ContainsAnyExcept((byte)0);
}
