using System.Buffers;
using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;
using Pdm6.Security.Identity;

namespace Pdm6.Registration.Contract;

/// <summary>
/// What an operator hands out so that a host can enrol: <c>pdm6-token-1.FINGERPRINT.ID.SECRET</c>. The fingerprint of the
/// registrar's authority lets the host know the registrar; the secret lets the registrar know the host. A secret: it goes
/// into a file, never into arguments or logs.
/// </summary>
public sealed class EnrollmentToken
{
    /// <summary>How the text of every token begins.</summary>
    public const string Prefix = "pdm6-token-1.";
    /// <summary>The longest text of a token, characters.</summary>
    public const int LongestText = 160;

    private const int IdOctets = 8;
    private const int SecretOctets = 32;
    private const int IdLength = 2 * IdOctets;

    private static readonly SearchValues<char> _hexDigits = SearchValues.Create("0123456789abcdef");

    private readonly byte[] _secret;

    private EnrollmentToken(Fingerprint authority, string id, byte[] secret) => (Authority, Id, _secret) = (authority, id, secret);

    /// <summary>The fingerprint of the authority that the registrar must show (SHA-256 of its SubjectPublicKeyInfo).</summary>
    public Fingerprint Authority { get; }

    /// <summary>Names the token to people and logs: 16 hexadecimal digits, no secret.</summary>
    public string Id { get; }

    /// <summary>A fresh token.</summary>
    public static EnrollmentToken Create(Fingerprint authority) => new(
        authority, Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(IdOctets)), RandomNumberGenerator.GetBytes(SecretOctets));

    /// <summary>Reads the text of a token; blanks and line ends around it are skipped.</summary>
    /// <param name="text">From a file or a request.</param>
    /// <param name="token">The token.</param>
    /// <param name="error">What to do, when the answer is false. Holds nothing of the text.</param>
    public static bool TryParse(
        ReadOnlySpan<char> text, [NotNullWhen(true)] out EnrollmentToken? token, [NotNullWhen(false)] out string? error)
    {
        token = null;
        error = "This is not a token: it is one line that begins with pdm6-token-1.; ask the operator for a new one.";
        text = text.Trim();
        if (text.Length > LongestText || !text.StartsWith(Prefix, StringComparison.Ordinal))
            return false;
        text = text[Prefix.Length..];
        Span<Range> parts = stackalloc Range[4];
        if (text.Split(parts, '.') != 3 || !Fingerprint.TryParse(text[parts[0]], out Fingerprint authority))
            return false;
        ReadOnlySpan<char> id = text[parts[1]], secretText = text[parts[2]];
        byte[] secret = new byte[SecretOctets];
        if (id.Length != IdLength || id.ContainsAnyExcept(_hexDigits) || !TryReadSecret(secretText, secret))
            return false;
        (token, error) = (new EnrollmentToken(authority, id.ToString(), secret), null);
        return true;
    }

    /// <summary>SHA-256 of the secret: what a registrar keeps.</summary>
    public byte[] SecretHash() => SHA256.HashData(_secret);

    /// <summary>The whole token, the secret included.</summary>
    public string ToText() => $"{Prefix}{Authority}.{Id}.{Base64Url.EncodeToString(_secret)}";

    /// <summary>The id: nothing secret.</summary>
    public override string ToString() => Id;

    private static bool TryReadSecret(ReadOnlySpan<char> text, Span<byte> secret)
    {
        Span<byte> ascii = stackalloc byte[LongestText];
        return Encoding.ASCII.TryGetBytes(text, ascii, out int length)
            && Base64Url.IsValid(ascii[..length], out int octets) && octets == secret.Length
            && Base64Url.DecodeFromUtf8(ascii[..length], secret) == secret.Length;
    }
}
