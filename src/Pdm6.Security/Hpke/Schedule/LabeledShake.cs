using System.Security.Cryptography;

namespace Pdm6.Security.Schedule;

/// <summary>LabeledDerive over SHAKE: one stage instead of extract and expand (draft-ietf-hpke-hpke,
/// draft-ietf-hpke-pq).</summary>
/// <param name="shake">The function.</param>
/// <param name="suiteId">Keeps the secrets of different algorithms apart.</param>
internal readonly struct LabeledShake(ShakeFunction shake, ReadOnlyMemory<byte> suiteId)
{
    /// <summary>The most octets of whatever has its length in front.</summary>
    public const int LongestPrefixed = ushort.MaxValue;

    private static ReadOnlySpan<byte> Version => "HPKE-v1"u8;

    /// <param name="secret">The secret; lengths are not marked, so it must be clear where it ends.</param>
    /// <param name="label">What it is for.</param>
    /// <param name="context">What it is bound to.</param>
    /// <param name="output">Receives at most 65,535 octets, of which the number is a part.</param>
    public void Derive(
        ReadOnlySpan<byte> secret, ReadOnlySpan<byte> label, ReadOnlySpan<byte> context, Span<byte> output)
    {
        byte[] input = GC.AllocateUninitializedArray<byte>(
            secret.Length + Version.Length + suiteId.Length + sizeof(ushort) + label.Length + sizeof(ushort) + context.Length,
            pinned: true);
        OctetWriter writer = new(input);
        writer.Append(secret);
        writer.Append(Version);
        writer.Append(suiteId.Span);
        writer.AppendPrefixed(label);
        writer.AppendUInt16(output.Length);
        writer.Append(context);
        shake(input, output);
        CryptographicOperations.ZeroMemory(input);
    }
}
