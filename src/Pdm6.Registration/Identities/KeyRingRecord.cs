namespace Pdm6.Registration.Identities;

/// <summary>Which HPKE keys there are and what others know of them: <c>keys.json</c>.</summary>
/// <param name="FormatVersion">1.</param>
/// <param name="Current">Identifier of the key that others are to seal to.</param>
/// <param name="Sequence">The sequence of the newest bundle that was signed; 0 before the first.</param>
/// <param name="Published">Identifier of the key in the newest bundle that the registrar took; null before the
/// first.</param>
/// <param name="PublishedAtUnixNs">When that was, nanoseconds since the Unix epoch.</param>
/// <param name="Retired">Former keys, which open what was sealed to them.</param>
internal sealed record KeyRingRecord(
    int FormatVersion, string Current, ulong Sequence, string? Published, ulong PublishedAtUnixNs,
    IReadOnlyList<RetiredKeyRecord> Retired)
{
    public const int CurrentFormatVersion = 1;
}
