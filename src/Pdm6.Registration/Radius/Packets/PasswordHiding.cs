using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;

namespace Pdm6.Registration.Radius.Packets;

/// <summary>
/// User-Password, RFC 2865 section 5.2: the password, padded with zeros to whole blocks of 16 octets, each XORed with
/// MD5 of the shared secret and the block before it as hidden; before the first: the Request Authenticator.
/// </summary>
internal static class PasswordHiding
{
    /// <summary>Octets of the longest password.</summary>
    public const int LargestPassword = 128;

    private const int Block = 16;

    /// <summary>Hides a password and returns the octets written.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is empty or longer than <see cref="LargestPassword"/>.</exception>
    [SuppressMessage("Security", "CA5351", Justification = "RFC 2865 knows nothing but MD5; docs/radius.md says what that means.")]
    public static int Hide(
        ReadOnlySpan<byte> password, RadiusSecret secret, ReadOnlySpan<byte> requestAuthenticator, Span<byte> destination)
    {
        ArgumentOutOfRangeException.ThrowIfZero(password.Length, nameof(password));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(password.Length, LargestPassword, nameof(password));
        int size = (password.Length + Block - 1) / Block * Block;
        Span<byte> hidden = destination[..size];
        hidden.Clear();
        password.CopyTo(hidden);

        Span<byte> pad = stackalloc byte[Block];
        Span<byte> hashed = stackalloc byte[secret.Octets.Length + Block];
        secret.Octets.CopyTo(hashed);
        ReadOnlySpan<byte> before = requestAuthenticator;
        for (int offset = 0; offset < size; offset += Block)
        {
            before.CopyTo(hashed[secret.Octets.Length..]);
            MD5.HashData(hashed, pad);
            for (int i = 0; i < Block; i++)
                hidden[offset + i] ^= pad[i];
            before = hidden.Slice(offset, Block);
        }
        CryptographicOperations.ZeroMemory(hashed);
        CryptographicOperations.ZeroMemory(pad);
        return size;
    }
}
