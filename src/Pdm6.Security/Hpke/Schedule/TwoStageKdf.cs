using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;

namespace Pdm6.Security.Schedule;

/// <summary>HKDF: extract, then expand.</summary>
internal sealed class TwoStageKdf(HashAlgorithmName hash) : KdfAlgorithm
{
    public override int SecretSize { get; } = LabeledHkdf.SizeOf(hash);
    public override int LongestExportSize => 255 * SecretSize;
    public override int LongestInputSize => int.MaxValue;

    protected override bool IsSupported([NotNullWhen(false)] out string? why)
    {
        why = null;
        return true;
    }

    public override void Schedule(
        ReadOnlyMemory<byte> suiteId, HpkeMode mode, ReadOnlySpan<byte> sharedSecret, ReadOnlySpan<byte> info, HpkePsk psk,
        ScheduledKeys keys)
    {
        LabeledHkdf hkdf = new(hash, suiteId);
        Span<byte> context = stackalloc byte[1 + 2 * SecretSize];
        context[0] = (byte)mode;
        hkdf.Extract([], "psk_id_hash"u8, psk.Id, context.Slice(1, SecretSize));
        hkdf.Extract([], "info_hash"u8, info, context[(1 + SecretSize)..]);

        Span<byte> secret = stackalloc byte[SecretSize];
        hkdf.Extract(sharedSecret, "secret"u8, psk.Secret, secret);
        if (!keys.Key.IsEmpty)
        {
            hkdf.Expand(secret, "key"u8, context, keys.Key);
            hkdf.Expand(secret, "base_nonce"u8, context, keys.BaseNonce);
        }
        hkdf.Expand(secret, "exp"u8, context, keys.ExporterSecret);
        CryptographicOperations.ZeroMemory(secret);
    }

    public override void Export(
        ReadOnlyMemory<byte> suiteId, ReadOnlySpan<byte> exporterSecret, ReadOnlySpan<byte> exporterContext,
        Span<byte> exported) =>
        new LabeledHkdf(hash, suiteId).Expand(exporterSecret, "sec"u8, exporterContext, exported);
}
