using Pdm6.Registration.Identities;
using Pdm6.Security;

namespace Pdm6.Cli.Registration;

/// <summary>What people are told of an HPKE key.</summary>
internal static class HpkeKeyText
{
    internal static string Of(HpkeKeyState key) => $"{Name(key.Kem)}, {State(key)}";

    internal static string Utc(DateTimeOffset moment) => moment.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss'Z'");

    private static string State(HpkeKeyState key) => key switch
    {
        { RetiredAt: { } retired } => $"retired {Utc(retired)}",
        { PublishedAt: { } published } => $"current, published {Utc(published)}",
        _ => "current, not yet published",
    };

    private static string Name(HpkeKem kem) => kem switch
    {
        HpkeKem.DhkemP256HkdfSha256 => "P-256",
        HpkeKem.DhkemP384HkdfSha384 => "P-384",
        HpkeKem.DhkemP521HkdfSha512 => "P-521",
        HpkeKem.DhkemX25519HkdfSha256 => "X25519",
        HpkeKem.MlKem768P256 => "ML-KEM-768 with P-256",
        _ => $"KEM {(ushort)kem}",
    };
}
