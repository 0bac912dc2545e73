using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;

namespace Pdm6.Security.Schedule;

/// <summary>SHAKE128 or SHAKE256: everything in one hash (draft-ietf-hpke-hpke, CombineSecrets_OneStage).</summary>
/// <param name="name">As FIPS 202 writes it.</param>
/// <param name="shake">The function.</param>
/// <param name="secretSize">Octets of the exporter secret (Nh).</param>
/// <param name="isSupported">True if the platform has the function.</param>
internal sealed class OneStageKdf(string name, ShakeFunction shake, int secretSize, bool isSupported) : KdfAlgorithm
{
    public override int SecretSize => secretSize;
    public override int LongestExportSize => ushort.MaxValue;
    public override int LongestInputSize => LabeledShake.LongestPrefixed;

    protected override bool IsSupported([NotNullWhen(false)] out string? why)
    {
        why = isSupported ? null : $"The platform has no {name} (OpenSSL 3 has it).";
        return isSupported;
    }

    public override void Schedule(
        ReadOnlyMemory<byte> suiteId, HpkeMode mode, ReadOnlySpan<byte> sharedSecret, ReadOnlySpan<byte> info, HpkePsk psk,
        ScheduledKeys keys)
    {
        byte[] context = new byte[1 + sizeof(ushort) + psk.Id.Length + sizeof(ushort) + info.Length];
        OctetWriter contextWriter = new(context);
        contextWriter.Append([(byte)mode]);
        contextWriter.AppendPrefixed(psk.Id);
        contextWriter.AppendPrefixed(info);

        byte[] secrets = GC.AllocateUninitializedArray<byte>(
            sizeof(ushort) + psk.Secret.Length + sizeof(ushort) + sharedSecret.Length, pinned: true);
        OctetWriter secretWriter = new(secrets);
        secretWriter.AppendPrefixed(psk.Secret);
        secretWriter.AppendPrefixed(sharedSecret);

        Span<byte> output = stackalloc byte[keys.Key.Length + keys.BaseNonce.Length + keys.ExporterSecret.Length];
        new LabeledShake(shake, suiteId).Derive(secrets, "secret"u8, context, output);
        output[..keys.Key.Length].CopyTo(keys.Key);
        output.Slice(keys.Key.Length, keys.BaseNonce.Length).CopyTo(keys.BaseNonce);
        output[^keys.ExporterSecret.Length..].CopyTo(keys.ExporterSecret);
        CryptographicOperations.ZeroMemory(output);
        CryptographicOperations.ZeroMemory(secrets);
    }

    public override void Export(
        ReadOnlyMemory<byte> suiteId, ReadOnlySpan<byte> exporterSecret, ReadOnlySpan<byte> exporterContext,
        Span<byte> exported) =>
        new LabeledShake(shake, suiteId).Derive(exporterSecret, "sec"u8, exporterContext, exported);
}
