using System.Diagnostics.CodeAnalysis;
using System.Text.Json;

namespace Pdm6.Security.Announcements;

/// <summary>
/// The HPKE keys and suites of a participant, best first. It is signed with the identity key, so that nobody on the way,
/// the registrar included, can put a key of his own in its place.
/// </summary>
public sealed record KeyBundle
{
    /// <summary>The only format there is.</summary>
    public const int CurrentFormatVersion = 1;
    /// <summary>The most keys in a bundle.</summary>
    public const int MostKeys = 8;
    /// <summary>The most suites in a bundle.</summary>
    public const int MostSuites = 16;

    private static readonly BundledSuite[] s_suites =
    [
        new(HpkeKdf.HkdfSha256, HpkeAead.Aes256Gcm), new(HpkeKdf.HkdfSha256, HpkeAead.Aes128Gcm),
        new(HpkeKdf.HkdfSha256, HpkeAead.ChaCha20Poly1305), new(HpkeKdf.HkdfSha512, HpkeAead.Aes256Gcm),
    ];

    /// <summary>Version of this format: <see cref="CurrentFormatVersion"/>.</summary>
    public required int FormatVersion { get; init; }
    /// <summary>Rises with every bundle of a participant.</summary>
    public required ulong Sequence { get; init; }
    /// <summary>When it was made, nanoseconds since the Unix epoch.</summary>
    public required ulong IssuedAtUnixNs { get; init; }
    /// <summary>From when on nothing is sealed to these keys any more, nanoseconds since the Unix epoch.</summary>
    public required ulong NotAfterUnixNs { get; init; }
    /// <summary>The keys, best first.</summary>
    public required IReadOnlyList<BundledKey> Keys { get; init; }
    /// <summary>The suites, best first.</summary>
    public required IReadOnlyList<BundledSuite> Suites { get; init; }

    /// <summary>A bundle of keys of this machine, with the suites that it has.</summary>
    /// <exception cref="ArgumentException">No key or too many, or it expires before it was issued.</exception>
    public static KeyBundle Create(
        IReadOnlyList<HpkePublicKey> keys, ulong sequence, ulong issuedAtUnixNs, ulong notAfterUnixNs)
    {
        ArgumentNullException.ThrowIfNull(keys);
        KeyBundle bundle = new()
        {
            FormatVersion = CurrentFormatVersion,
            Sequence = sequence,
            IssuedAtUnixNs = issuedAtUnixNs,
            NotAfterUnixNs = notAfterUnixNs,
            Keys = [.. keys.Select(key => new BundledKey(key.KeyId, key.Kem, key.Octets.ToArray()))],
            Suites = [.. s_suites.Where(suite => keys.All(key => new HpkeSuite(key.Kem, suite.Kdf, suite.Aead).IsSupported(out _)))],
        };
        return bundle.TryValidate(out string? error) ? bundle : throw new ArgumentException(error);
    }

    /// <summary>The bundle as JSON, UTF-8: the body of its envelope.</summary>
    public byte[] ToJson() => JsonSerializer.SerializeToUtf8Bytes(this, EnvelopeJson.Default.KeyBundle);

    /// <summary>Reads and validates a body from anywhere; never throws for what is in it. Who signed it is for
    /// <see cref="KeyBundleGate"/> to say.</summary>
    public static bool TryParse(
        ReadOnlySpan<byte> body, [NotNullWhen(true)] out KeyBundle? bundle, [NotNullWhen(false)] out string? error)
    {
        if (BodyJson.TryRead(body, EnvelopeJson.Default.KeyBundle, "key bundle", out bundle, out error) && bundle.TryValidate(out error))
            return true;
        bundle = null;
        return false;
    }

    /// <summary>The first key, and for it the first suite, that this machine can seal with.</summary>
    public bool TryChoose([NotNullWhen(true)] out Recipient? recipient)
    {
        foreach (BundledKey bundled in Keys)
            if (HpkePublicKey.TryImport(bundled.Kem, bundled.PublicKey, out HpkePublicKey? key, out _))
                foreach (BundledSuite suite in Suites)
                    if (suite.Aead != HpkeAead.ExportOnly && new HpkeSuite(bundled.Kem, suite.Kdf, suite.Aead).IsSupported(out _))
                    {
                        recipient = new Recipient(key, suite.Kdf, suite.Aead);
                        return true;
                    }
        recipient = null;
        return false;
    }

    private bool TryValidate([NotNullWhen(false)] out string? error)
    {
        error = FormatVersion != CurrentFormatVersion ? "The format version is not 1."
            : IssuedAtUnixNs >= NotAfterUnixNs ? "It expires before it was issued."
            : Keys.Count is 0 or > MostKeys || Keys.Contains(null!) ? $"A bundle has 1 to {MostKeys} keys."
            : Suites.Count is 0 or > MostSuites || Suites.Contains(null!) ? $"A bundle has 1 to {MostSuites} suites."
            : Keys.Any(key => key.PublicKey.Length > BundledKey.LongestPublicKey) ? $"A public key has at most {BundledKey.LongestPublicKey} octets."
            : Keys.Any(key => key.KeyId != HpkeKeyId.Of(key.PublicKey)) ? "A key's identifier is not that of its octets."
            : Keys.DistinctBy(key => key.KeyId).Count() < Keys.Count ? "A key is there twice."
            : Keys.FirstOrDefault(IsUnusable) is { } unusable ? $"The octets of key {unusable.KeyId} are no key of its mechanism."
            : null;
        return error is null;
    }

    /// <summary>True for octets that are no key of a mechanism that this machine knows.</summary>
    private static bool IsUnusable(BundledKey key) =>
        new HpkeSuite(key.Kem, HpkeKdf.HkdfSha256, HpkeAead.Aes256Gcm).IsSupported(out _)
        && !HpkePublicKey.TryImport(key.Kem, key.PublicKey, out _, out _);
}
