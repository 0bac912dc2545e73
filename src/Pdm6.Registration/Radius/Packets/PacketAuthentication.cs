using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;

namespace Pdm6.Registration.Radius.Packets;

/// <summary>
/// Who sent a packet: the authenticators of RFC 2865 section 3 and RFC 5176 section 2.3, and the Message-Authenticator
/// of RFC 3579 section 3.2, without which nothing is believed here: MD5 with a secret at its end, as the others are
/// made, was broken by CVE-2024-3596; HMAC-MD5 was not.
/// </summary>
internal static class PacketAuthentication
{
    /// <summary>True if whoever knows the secret made this answer to the request of this authenticator.</summary>
    public static bool IsAnswerAuthentic(
        in RadiusPacketView answer, ReadOnlySpan<byte> requestAuthenticator, RadiusSecret secret) =>
        IsAuthentic(answer, requestAuthenticator, secret);

    /// <summary>True if whoever knows the secret made this Disconnect-Request or CoA-Request: its authenticator is a digest
    /// too, made with zeros in its place, RFC 5176 section 2.3.</summary>
    public static bool IsRequestAuthentic(in RadiusPacketView request, RadiusSecret secret) =>
        IsAuthentic(request, stackalloc byte[RadiusPacketView.AuthenticatorSize], secret);

    /// <summary>Fills in the Message-Authenticator of a packet that is otherwise done; its place must hold zeros.</summary>
    [SuppressMessage("Security", "CA5351", Justification = "RFC 3579 knows nothing but HMAC-MD5, which holds.")]
    public static void WriteMessageAuthenticator(Span<byte> packet, int offset, RadiusSecret secret)
    {
        Span<byte> authenticator = stackalloc byte[RadiusPacketView.AuthenticatorSize];
        HMACMD5.HashData(secret.Octets, packet, authenticator);
        authenticator.CopyTo(packet[offset..]);
    }

    /// <summary>MD5 over a packet and the secret behind it.</summary>
    [SuppressMessage("Security", "CA5351", Justification = "RFC 2865 knows nothing but MD5; HMAC-MD5 is asked for as well.")]
    public static void Digest(ReadOnlySpan<byte> packet, RadiusSecret secret, Span<byte> digest)
    {
        Span<byte> hashed = stackalloc byte[RadiusPacketView.LargestSize + RadiusSecret.LargestSize];
        packet.CopyTo(hashed);
        secret.Octets.CopyTo(hashed[packet.Length..]);
        hashed = hashed[..(packet.Length + secret.Octets.Length)];
        MD5.HashData(hashed, digest);
        CryptographicOperations.ZeroMemory(hashed[packet.Length..]);
    }

    private static bool IsAuthentic(in RadiusPacketView packet, ReadOnlySpan<byte> authenticatorBefore, RadiusSecret secret)
    {
        if (packet.MessageAuthenticatorOffset == 0)
            return false;
        const int Size = RadiusPacketView.AuthenticatorSize;
        Span<byte> room = stackalloc byte[RadiusPacketView.LargestSize];
        Span<byte> made = stackalloc byte[Size];
        Span<byte> copy = room[..packet.Octets.Length];

        packet.Octets.CopyTo(copy);
        authenticatorBefore.CopyTo(copy[RadiusPacketView.AuthenticatorOffset..]);
        Digest(copy, secret, made);
        bool isDigestRight = CryptographicOperations.FixedTimeEquals(made, packet.Authenticator);

        Span<byte> inCopy = copy.Slice(packet.MessageAuthenticatorOffset, Size);
        inCopy.Clear();
        WriteMessageAuthenticator(copy, packet.MessageAuthenticatorOffset, secret);
        return CryptographicOperations.FixedTimeEquals(inCopy, packet.Octets.Slice(packet.MessageAuthenticatorOffset, Size))
            & isDigestRight;
    }
}
