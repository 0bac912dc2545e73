using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;

namespace Pdm6.Security.Identity;

/// <summary>Public keys as participants have them: points of P-256.</summary>
internal static class EllipticKey
{
    private const string P256Oid = "1.2.840.10045.3.1.7";

    public static bool IsP256(ECDsa key) =>
        key.ExportParameters(includePrivateParameters: false).Curve is { IsNamed: true, Oid.Value: P256Oid };

    /// <summary>Reads a SubjectPublicKeyInfo from anywhere; never throws for what is in it.</summary>
    public static bool TryRead(ReadOnlySpan<byte> publicKeyInfo, [NotNullWhen(true)] out ECDsa? key)
    {
        key = null;
        ECDsa read = ECDsa.Create();
        try
        {
            read.ImportSubjectPublicKeyInfo(publicKeyInfo, out int used);
            if (used == publicKeyInfo.Length && IsP256(read))
                key = read;
        }
        catch (CryptographicException)
        {
            // Not a point of a curve that the platform knows: the answer is no.
        }
        finally
        {
            if (key is null)
                read.Dispose();
        }
        return key is not null;
    }
}
