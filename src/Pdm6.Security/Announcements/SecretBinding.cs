using System.Security.Cryptography;
using System.Text;
using Pdm6.Security.Identity;

namespace Pdm6.Security.Announcements;

/// <summary>
/// What a sealed secret is bound to, so that it opens nowhere else (protocol reference, section 7):
/// <code>
/// info = "pdm6 v1 hpke" || kind u8 || context id 16 || SHA-256(sender certificate) || SHA-256(recipient public key)
/// aad  = SHA-256(the announcement's, or the grant's, octets)
/// </code>
/// </summary>
/// <param name="Kind">What kind of secret.</param>
/// <param name="ContextId">Of which context.</param>
/// <param name="SenderCertificate">Hash of the certificate whose key signs the whole.</param>
/// <param name="AssociatedData">The 32 octets of the aad.</param>
internal sealed record SecretBinding(SecretKind Kind, ContextId ContextId, Fingerprint SenderCertificate, byte[] AssociatedData)
{
    private static readonly byte[] s_label = Encoding.ASCII.GetBytes("pdm6 v1 hpke");

    /// <summary>The binding to a document.</summary>
    public static SecretBinding To(
        ReadOnlySpan<byte> document, SecretKind kind, ContextId contextId, Fingerprint senderCertificate) =>
        new(kind, contextId, senderCertificate, SHA256.HashData(document));

    /// <summary>HPKE's info for one recipient.</summary>
    public byte[] InfoFor(HpkeKeyId recipient)
    {
        byte[] info = new byte[s_label.Length + 1 + ContextId.Size + Fingerprint.Size + HpkeKeyId.Size];
        s_label.CopyTo(info, 0);
        Span<byte> rest = info.AsSpan(s_label.Length);
        rest[0] = (byte)Kind;
        ContextId.Write(rest[1..]);
        SenderCertificate.Write(rest[(1 + ContextId.Size)..]);
        recipient.Write(rest[(1 + ContextId.Size + Fingerprint.Size)..]);
        return info;
    }
}
