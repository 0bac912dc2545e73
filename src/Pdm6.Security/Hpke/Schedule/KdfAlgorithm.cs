using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;

namespace Pdm6.Security.Schedule;

/// <summary>The key schedule's function (RFC 9180, section 5.1; draft-ietf-hpke-hpke for the functions of one
/// stage).</summary>
internal abstract class KdfAlgorithm
{
    private static readonly Dictionary<HpkeKdf, KdfAlgorithm> s_algorithms = new()
    {
        [HpkeKdf.HkdfSha256] = new TwoStageKdf(HashAlgorithmName.SHA256),
        [HpkeKdf.HkdfSha384] = new TwoStageKdf(HashAlgorithmName.SHA384),
        [HpkeKdf.HkdfSha512] = new TwoStageKdf(HashAlgorithmName.SHA512),
        [HpkeKdf.Shake128] = new OneStageKdf("SHAKE128", Shake128.HashData, 32, Shake128.IsSupported),
        [HpkeKdf.Shake256] = new OneStageKdf("SHAKE256", Shake256.HashData, 64, Shake256.IsSupported),
    };

    /// <summary>Octets of the exporter secret (Nh).</summary>
    public abstract int SecretSize { get; }
    /// <summary>The most octets of one export.</summary>
    public abstract int LongestExportSize { get; }
    /// <summary>The most octets of info, of an identifier, of a pre-shared key.</summary>
    public abstract int LongestInputSize { get; }

    /// <summary>The function of a number that <see cref="IsSupported(HpkeKdf, out string?)"/> knows.</summary>
    public static KdfAlgorithm Of(HpkeKdf kdf) => s_algorithms[kdf];

    public static bool IsSupported(HpkeKdf kdf, [NotNullWhen(false)] out string? why)
    {
        if (s_algorithms.TryGetValue(kdf, out KdfAlgorithm? algorithm))
            return algorithm.IsSupported(out why);
        why = $"There is no HPKE KDF 0x{(ushort)kdf:x4} here.";
        return false;
    }

    protected abstract bool IsSupported([NotNullWhen(false)] out string? why);

    /// <summary>KeySchedule: key, base nonce and exporter secret.</summary>
    /// <param name="suiteId">"HPKE" and the three numbers.</param>
    /// <param name="mode">The mode.</param>
    /// <param name="sharedSecret">What the KEM gave.</param>
    /// <param name="info">What the application binds the keys to.</param>
    /// <param name="psk">The pre-shared key, or the default value.</param>
    /// <param name="keys">Filled; the caller zeroes them.</param>
    public abstract void Schedule(
        ReadOnlyMemory<byte> suiteId, HpkeMode mode, ReadOnlySpan<byte> sharedSecret, ReadOnlySpan<byte> info, HpkePsk psk,
        ScheduledKeys keys);

    /// <summary>Context.Export (section 5.3).</summary>
    public abstract void Export(
        ReadOnlyMemory<byte> suiteId, ReadOnlySpan<byte> exporterSecret, ReadOnlySpan<byte> exporterContext,
        Span<byte> exported);
}
