using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using Pdm6.Security.Identity;

namespace Pdm6.Security.Announcements;

/// <summary>A grant and the pair secret, sealed to the destination. It is bound to this grant, this sender's certificate
/// and this recipient, and opens nowhere else.</summary>
public sealed class SealedGrant
{
    private readonly byte[] _octets;
    private readonly SealedSecret _sealed;

    private SealedGrant(Grant grant, byte[] octets, SealedSecret @sealed) => (Grant, _octets, _sealed) = (grant, octets, @sealed);

    /// <summary>The grant, validated.</summary>
    public Grant Grant { get; }

    /// <summary>Makes the body of a grant's envelope.</summary>
    /// <param name="grant">The grant; its recipient is set here.</param>
    /// <param name="pairSecret">The pair's secret, 32 octets.</param>
    /// <param name="recipient">The destination's key.</param>
    /// <param name="sender">The certificate whose key will sign the body.</param>
    /// <returns>UTF-8 JSON, to be signed as it is.</returns>
    /// <exception cref="ArgumentException">The grant is not valid, or the secret has another length.</exception>
    /// <exception cref="PlatformNotSupportedException">This machine lacks an algorithm of the recipient.</exception>
    public static byte[] Seal(Grant grant, ReadOnlySpan<byte> pairSecret, Recipient recipient, ParticipantCertificate sender)
    {
        ArgumentNullException.ThrowIfNull(grant);
        ArgumentNullException.ThrowIfNull(recipient);
        ArgumentNullException.ThrowIfNull(sender);
        grant = grant with { Recipient = recipient.Key.KeyId };
        if (!grant.TryValidate(out string? error))
            throw new ArgumentException(error, nameof(grant));
        byte[] octets = grant.ToJson();
        SealedSecret secret = SealedSecret.Seal(
            BindingOf(grant, octets, sender.Hash), recipient.Key, recipient.Kdf, recipient.Aead, pairSecret);
        return JsonSerializer.SerializeToUtf8Bytes(new GrantBody(octets, secret), EnvelopeJson.Default.GrantBody);
    }

    /// <summary>Reads and validates a body from anywhere; never throws for what is in it. Who signed it is for
    /// <see cref="GrantGate"/> to say.</summary>
    public static bool TryParse(
        ReadOnlySpan<byte> body, [NotNullWhen(true)] out SealedGrant? grant, [NotNullWhen(false)] out string? error)
    {
        grant = null;
        if (!BodyJson.TryRead(body, EnvelopeJson.Default.GrantBody, "sealed grant", out GrantBody? read, out error)
            || !BodyJson.TryRead(read.Grant, EnvelopeJson.Default.Grant, "grant", out Grant? inner, out error)
            || !inner.TryValidate(out error) || !read.Sealed.TryValidate(out error))
            return false;
        if (read.Sealed.KeyId != inner.Recipient)
        {
            error = "The sealed item is not the recipient's.";
            return false;
        }
        grant = new SealedGrant(inner, read.Grant, read.Sealed);
        return true;
    }

    /// <summary>Opens the pair secret.</summary>
    /// <param name="key">The destination's key.</param>
    /// <param name="senderCertificate">Hash of the certificate that the envelope was signed with.</param>
    /// <param name="pairSecret">Receives 32 octets; the caller zeroes them.</param>
    /// <returns>False if it is sealed to another key, for another grant or sender, or altered.</returns>
    /// <exception cref="ArgumentException">The span has another length.</exception>
    public bool TryOpen(HpkePrivateKey key, Fingerprint senderCertificate, Span<byte> pairSecret)
    {
        ArgumentNullException.ThrowIfNull(key);
        return _sealed.TryOpen(BindingOf(Grant, _octets, senderCertificate), key, pairSecret);
    }

    private static SecretBinding BindingOf(Grant grant, ReadOnlySpan<byte> octets, Fingerprint senderCertificate) =>
        SecretBinding.To(octets, SecretKind.PairSecret, grant.ContextId, senderCertificate);
}
