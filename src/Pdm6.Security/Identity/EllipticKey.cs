using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;

namespace Pdm6.Security.Identity;

/// <summary>Public keys as participants have them: uncompressed points of P-256.</summary>
internal static class EllipticKey
{
    private const string P256Oid = "1.2.840.10045.3.1.7";
    private const int PointSize = 65;

    /// <summary>RFC 5480: SEQUENCE { SEQUENCE { id-ecPublicKey, secp256r1 }, BIT STRING }, as far as the point.</summary>
    private static ReadOnlySpan<byte> PublicKeyInfoHeader =>
    [
        0x30, 0x59, 0x30, 0x13, 0x06, 0x07, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01, 0x06, 0x08, 0x2a, 0x86, 0x48, 0xce,
        0x3d, 0x03, 0x01, 0x07, 0x03, 0x42, 0x00,
    ];

    public static bool IsP256(ECDsa key) =>
        key.ExportParameters(includePrivateParameters: false).Curve is { IsNamed: true, Oid.Value: P256Oid };

    /// <summary>Reads a SubjectPublicKeyInfo from anywhere; never throws for what is in it.</summary>
    public static bool TryRead(ReadOnlySpan<byte> publicKeyInfo, [NotNullWhen(true)] out ECDsa? key)
    {
        key = null;
        // The platform throws many things for octets that it does not understand; of these only the point is left.
        if (publicKeyInfo.Length != PublicKeyInfoHeader.Length + PointSize || !publicKeyInfo.StartsWith(PublicKeyInfoHeader))
            return false;
        ECDsa read = ECDsa.Create();
        try
        {
            read.ImportSubjectPublicKeyInfo(publicKeyInfo, out _);
            key = read;
            return true;
        }
        catch (CryptographicException)
        {
            // The point is not on the curve: the answer is no.
            read.Dispose();
            return false;
        }
    }
}
