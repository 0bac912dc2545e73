using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text.Json;
using Pdm6.Security.Identity;

namespace Pdm6.Security.Announcements;

/// <summary>
/// An announcement and the context's base secret, sealed to each analyzer that the sender chose. Each sealed item is
/// bound to this announcement, this sender's certificate and this recipient, and opens nowhere else.
/// </summary>
public sealed class SealedAnnouncement
{
    /// <summary>The most analyzers that one announcement may name.</summary>
    public const int MostRecipients = 64;

    private readonly byte[] _octets;

    private SealedAnnouncement(Announcement announcement, byte[] octets, IReadOnlyList<SealedSecret> @sealed)
    {
        (Announcement, _octets, Sealed) = (announcement, octets, @sealed);
    }

    /// <summary>The announcement, validated.</summary>
    public Announcement Announcement { get; }

    /// <summary>The sealed items, in the order of <see cref="Announcement.Recipients"/>.</summary>
    public IReadOnlyList<SealedSecret> Sealed { get; }

    /// <summary>Makes the body of an announcement's envelope.</summary>
    /// <param name="announcement">The announcement; its recipients are set here.</param>
    /// <param name="baseSecret">The context's base secret, 32 octets.</param>
    /// <param name="recipients">The analyzers' keys; none means that nobody can analyze.</param>
    /// <param name="sender">The certificate whose key will sign the body.</param>
    /// <returns>UTF-8 JSON, to be signed as it is.</returns>
    /// <exception cref="ArgumentException">The announcement is not valid; the secret has another length; too many
    /// recipients, or one twice.</exception>
    /// <exception cref="PlatformNotSupportedException">This machine lacks an algorithm of a recipient.</exception>
    public static byte[] Seal(
        Announcement announcement, ReadOnlySpan<byte> baseSecret, IReadOnlyList<Recipient> recipients, ParticipantCertificate sender)
    {
        ArgumentNullException.ThrowIfNull(announcement);
        ArgumentNullException.ThrowIfNull(recipients);
        ArgumentNullException.ThrowIfNull(sender);
        announcement = announcement with { Recipients = [.. recipients.Select(recipient => recipient.Key.KeyId)] };
        if (!announcement.TryValidate(out string? error))
            throw new ArgumentException(error, nameof(announcement));
        byte[] octets = announcement.ToJson();
        SecretBinding binding = BindingOf(announcement, octets, sender.Hash);
        List<SealedSecret> secrets = new(recipients.Count);
        foreach (Recipient recipient in recipients)
            secrets.Add(SealedSecret.Seal(binding, recipient.Key, recipient.Kdf, recipient.Aead, baseSecret));
        return JsonSerializer.SerializeToUtf8Bytes(new AnnouncementBody(octets, secrets), EnvelopeJson.Default.AnnouncementBody);
    }

    /// <summary>Reads and validates a body from anywhere; never throws for what is in it. Who signed it is for
    /// <see cref="AnnouncementGate"/> to say.</summary>
    public static bool TryParse(
        ReadOnlySpan<byte> body, [NotNullWhen(true)] out SealedAnnouncement? announcement, [NotNullWhen(false)] out string? error)
    {
        announcement = null;
        if (!BodyJson.TryRead(body, EnvelopeJson.Default.AnnouncementBody, "sealed announcement", out AnnouncementBody? read, out error)
            || !Announcement.TryParse(read.Announcement, out Announcement? inner, out error))
            return false;
        if (!AreThoseOf(read.Sealed, inner.Recipients ?? []))
        {
            error = "The sealed items are not those of the recipients that the announcement names.";
            return false;
        }
        foreach (SealedSecret secret in read.Sealed)
            if (!secret.TryValidate(out error))
                return false;
        announcement = new SealedAnnouncement(inner, read.Announcement, read.Sealed);
        error = null;
        return true;
    }

    /// <summary>Opens the base secret.</summary>
    /// <param name="key">The analyzer's key.</param>
    /// <param name="senderCertificate">Hash of the certificate that the envelope was signed with.</param>
    /// <param name="baseSecret">Receives 32 octets; the caller zeroes them.</param>
    /// <returns>False if nothing here is sealed to the key, or it was sealed for another announcement or sender, or
    /// altered.</returns>
    /// <exception cref="ArgumentException">The span has another length.</exception>
    public bool TryOpen(HpkePrivateKey key, Fingerprint senderCertificate, Span<byte> baseSecret)
    {
        ArgumentNullException.ThrowIfNull(key);
        SealedSecret.ThrowIfNotSecret(baseSecret, nameof(baseSecret));
        SecretBinding binding = BindingOf(Announcement, _octets, senderCertificate);
        foreach (SealedSecret secret in Sealed)
            if (secret.KeyId == key.PublicKey.KeyId)
                return secret.TryOpen(binding, key, baseSecret);
        CryptographicOperations.ZeroMemory(baseSecret);
        return false;
    }

    private static SecretBinding BindingOf(Announcement announcement, ReadOnlySpan<byte> octets, Fingerprint senderCertificate) =>
        SecretBinding.To(octets, SecretKind.BaseSecret, announcement.ContextId, senderCertificate);

    private static bool AreThoseOf(IReadOnlyList<SealedSecret> secrets, IReadOnlyList<HpkeKeyId> recipients)
    {
        if (secrets.Count != recipients.Count)
            return false;
        for (int i = 0; i < secrets.Count; i++)
            if (secrets[i] is null || secrets[i].KeyId != recipients[i])
                return false;
        return true;
    }
}
