namespace Pdm6.Security.Schedule;

/// <summary>Where a key schedule writes to.</summary>
internal readonly ref struct ScheduledKeys(Span<byte> key, Span<byte> baseNonce, Span<byte> exporterSecret)
{
    /// <summary>As many octets as the cipher's key has; none for export-only.</summary>
    public Span<byte> Key { get; } = key;
    /// <summary>As many octets as the cipher's nonce has; none for export-only.</summary>
    public Span<byte> BaseNonce { get; } = baseNonce;
    /// <summary><see cref="KdfAlgorithm.SecretSize"/> octets.</summary>
    public Span<byte> ExporterSecret { get; } = exporterSecret;
}
