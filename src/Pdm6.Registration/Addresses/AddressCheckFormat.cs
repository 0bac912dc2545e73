using System.Security.Cryptography;
using Pdm6.Security.Identity;
using Pdm6.Wire;

namespace Pdm6.Registration.Addresses;

/// <summary>
/// The two datagrams of an address check:
/// <code>
/// request: "pdm6ac1" || 0 || nonce 32 || zeros, 512 octets in all
/// reply:   "pdm6ac2" || 0 || nonce 32 || identity fingerprint 32 || signature 64
/// </code>
/// The signature is by the identity key, with the label "pdm6 v1 address", over nonce || address asked || asker's address.
/// A reply is shorter than its request, so nobody gains by asking in another's name.
/// </summary>
internal static class AddressCheckFormat
{
    public const int NonceSize = 32;
    public const int RequestSize = 512;
    public const int ReplySize = MagicSize + NonceSize + Fingerprint.Size + SignatureSize;

    private const int MagicSize = 8;
    private const int SignatureSize = 64;
    private const int SignedSize = NonceSize + 2 * Ipv6Address.Size;

    private static ReadOnlySpan<byte> Label => "pdm6 v1 address"u8;
    private static ReadOnlySpan<byte> RequestMagic => "pdm6ac1\0"u8;
    private static ReadOnlySpan<byte> ReplyMagic => "pdm6ac2\0"u8;

    public static byte[] NewRequest()
    {
        byte[] request = new byte[RequestSize];
        RequestMagic.CopyTo(request);
        RandomNumberGenerator.Fill(request.AsSpan(MagicSize, NonceSize));
        return request;
    }

    public static bool IsRequest(ReadOnlySpan<byte> datagram) =>
        datagram.Length == RequestSize && datagram.StartsWith(RequestMagic);

    /// <param name="request">One that <see cref="IsRequest"/>.</param>
    /// <param name="identity">Signs.</param>
    /// <param name="address">Where the request came to.</param>
    /// <param name="asker">Where it came from.</param>
    public static byte[] Reply(ReadOnlySpan<byte> request, IdentityKey identity, Ipv6Address address, Ipv6Address asker)
    {
        ReadOnlySpan<byte> nonce = request.Slice(MagicSize, NonceSize);
        byte[] reply = new byte[ReplySize];
        ReplyMagic.CopyTo(reply);
        nonce.CopyTo(reply.AsSpan(MagicSize));
        identity.Fingerprint.Write(reply.AsSpan(MagicSize + NonceSize));
        Span<byte> signed = stackalloc byte[SignedSize];
        WriteSigned(signed, nonce, address, asker);
        identity.Sign(Label, signed).CopyTo(reply.AsSpan(ReplySize - SignatureSize));
        return reply;
    }

    /// <summary>True if the datagram answers the request, whoever wrote it.</summary>
    public static bool IsReplyTo(ReadOnlySpan<byte> datagram, ReadOnlySpan<byte> request) =>
        datagram.Length == ReplySize && datagram.StartsWith(ReplyMagic)
        && datagram.Slice(MagicSize, NonceSize).SequenceEqual(request.Slice(MagicSize, NonceSize));

    /// <summary>True if a reply is by the owner, for these addresses.</summary>
    public static bool IsBy(ParticipantCertificate owner, ReadOnlySpan<byte> reply, Ipv6Address address, Ipv6Address asker)
    {
        Span<byte> signed = stackalloc byte[SignedSize];
        WriteSigned(signed, reply.Slice(MagicSize, NonceSize), address, asker);
        return Fingerprint.Read(reply[(MagicSize + NonceSize)..]) == owner.IdentityFingerprint
            && owner.Verify(Label, signed, reply[(ReplySize - SignatureSize)..]);
    }

    private static void WriteSigned(Span<byte> signed, ReadOnlySpan<byte> nonce, Ipv6Address address, Ipv6Address asker)
    {
        nonce.CopyTo(signed);
        address.Write(signed[NonceSize..]);
        asker.Write(signed[(NonceSize + Ipv6Address.Size)..]);
    }
}
