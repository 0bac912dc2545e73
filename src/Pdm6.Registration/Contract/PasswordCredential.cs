using System.Diagnostics.CodeAnalysis;
using System.Text;
using Pdm6.Security.Identity;

namespace Pdm6.Registration.Contract;

/// <summary>
/// What a host enrols with in place of an <see cref="EnrollmentToken"/> where the operator's RADIUS server decides:
/// <c>pdm6-password-1.FINGERPRINT.PASSWORD</c>. The fingerprint lets the host know the registrar, as in a token; the
/// password is the one that the RADIUS server has for the participant's name. A secret.
/// </summary>
public sealed class PasswordCredential
{
    /// <summary>How the text of every such credential begins.</summary>
    public const string Prefix = "pdm6-password-1.";
    /// <summary>The longest password, octets of UTF-8: RFC 2865 section 5.2.</summary>
    public const int LongestPassword = 128;

    private readonly byte[] _password;

    private PasswordCredential(Fingerprint authority, byte[] password) => (Authority, _password) = (authority, password);

    /// <summary>The fingerprint of the authority that the registrar must show.</summary>
    public Fingerprint Authority { get; }

    /// <summary>The password, UTF-8.</summary>
    public ReadOnlyMemory<byte> Password => _password;

    /// <summary>Reads the text of a credential; a line end behind it is skipped.</summary>
    /// <param name="text">From a file or a request.</param>
    /// <param name="credential">The credential.</param>
    /// <param name="error">What to do, when the answer is false. Holds nothing of the text.</param>
    public static bool TryParse(
        ReadOnlySpan<char> text, [NotNullWhen(true)] out PasswordCredential? credential, [NotNullWhen(false)] out string? error)
    {
        credential = null;
        error = $"This is not a password for enrolment: it is one line, {Prefix}, the registrar's fingerprint, a dot, and the "
            + $"password of 1 to {LongestPassword} octets.";
        text = text.TrimEnd("\r\n");
        if (!text.StartsWith(Prefix, StringComparison.Ordinal))
            return false;
        text = text[Prefix.Length..];
        int dot = text.IndexOf('.');
        if (dot < 0 || !Fingerprint.TryParse(text[..dot], out Fingerprint authority))
            return false;
        byte[] password = new byte[Math.Min(Encoding.UTF8.GetByteCount(text[(dot + 1)..]), LongestPassword + 1)];
        if (password.Length is 0 or > LongestPassword)
            return false;
        Encoding.UTF8.GetBytes(text[(dot + 1)..], password);
        (credential, error) = (new PasswordCredential(authority, password), null);
        return true;
    }
}
