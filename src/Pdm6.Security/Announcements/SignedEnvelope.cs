using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using Pdm6.Security.Identity;

namespace Pdm6.Security.Announcements;

/// <summary>
/// What a participant signed (docs/registration.md): the octets of a JSON document as they were signed, the signature
/// over label || 0x00 || body, and the certificate of the key that made it. Nothing in it is believed before a gate
/// has looked at it: <see cref="AnnouncementGate"/>, <see cref="GrantGate"/>, <see cref="KeyBundleGate"/>.
/// </summary>
/// <param name="Certificate">The signer's certificate, DER.</param>
/// <param name="Body">The octets that were signed.</param>
/// <param name="Signature">ECDSA P-256 with SHA-256, r || s: 64 octets.</param>
public sealed record SignedEnvelope(byte[] Certificate, byte[] Body, byte[] Signature)
{
    /// <summary>The longest body that is looked at, octets.</summary>
    public const int LongestBody = 256 * 1024;
    /// <summary>The longest JSON of an envelope that is looked at, octets: body and certificate in base64, and the
    /// rest.</summary>
    public const int LongestJson = (LongestBody + ParticipantCertificate.LongestSize) / 3 * 4 + 1024;

    /// <summary>Signs a body.</summary>
    /// <exception cref="ArgumentException">The certificate is of another key, or the body is too long.</exception>
    public static SignedEnvelope Sign(
        EnvelopeKind kind, byte[] body, IdentityKey key, ParticipantCertificate certificate)
    {
        ArgumentNullException.ThrowIfNull(body);
        ArgumentNullException.ThrowIfNull(key);
        ArgumentNullException.ThrowIfNull(certificate);
        if (certificate.IdentityFingerprint != key.Fingerprint)
            throw new ArgumentException("The certificate is of another key.", nameof(certificate));
        if (body.Length > LongestBody)
            throw new ArgumentException($"A body has at most {LongestBody} octets.", nameof(body));
        return new SignedEnvelope(certificate.Der.ToArray(), body, key.Sign(LabelOf(kind), body));
    }

    /// <summary>Reads JSON from anywhere; never throws for what is in it.</summary>
    public static bool TryParse(
        ReadOnlySpan<byte> json, [NotNullWhen(true)] out SignedEnvelope? envelope, [NotNullWhen(false)] out string? error)
    {
        envelope = null;
        if (json.Length > LongestJson)
            error = $"An envelope has at most {LongestJson} octets.";
        else
            BodyJson.TryRead(json, EnvelopeJson.Default.SignedEnvelope, "envelope", out envelope, out error);
        return envelope is not null;
    }

    /// <summary>The envelope as JSON, UTF-8.</summary>
    public byte[] ToJson() => JsonSerializer.SerializeToUtf8Bytes(this, EnvelopeJson.Default.SignedEnvelope);

    /// <summary>Whether the authority knows the signer and the signature is his.</summary>
    /// <param name="kind">What it must be an envelope of.</param>
    /// <param name="authority">Who must have issued the certificate.</param>
    /// <param name="signer">The certificate; null if it cannot be read.</param>
    /// <param name="detail">What cannot be read, if anything.</param>
    internal EnvelopeRefusal Verify(
        EnvelopeKind kind, AuthorityCertificate authority, out ParticipantCertificate? signer, out string? detail)
    {
        if (!ParticipantCertificate.TryParse(Certificate, out signer, out detail))
            return EnvelopeRefusal.UnreadableCertificate;
        if (!signer.IsIssuedBy(authority))
            return EnvelopeRefusal.ForeignCertificate;
        if (Body.Length > LongestBody)
            return EnvelopeRefusal.TooLong;
        return signer.Verify(LabelOf(kind), Body, Signature) ? EnvelopeRefusal.None : EnvelopeRefusal.BadSignature;
    }

    internal static ReadOnlySpan<byte> LabelOf(EnvelopeKind kind) => kind switch
    {
        EnvelopeKind.KeyBundle => "pdm6 v1 key bundle"u8,
        EnvelopeKind.Announcement => "pdm6 v1 announcement"u8,
        EnvelopeKind.Grant => "pdm6 v1 grant"u8,
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "No such kind."),
    };
}
