using Pdm6.Registration.Client;
using Pdm6.Registration.Contract;
using Pdm6.Security.Identity;

namespace Pdm6.Cli.Registration;

/// <summary>The words of <c>pdm6 enroll</c>, checked.</summary>
internal static class EnrollmentArguments
{
    internal static EnrollmentOptions Check(
        string url, string token, string? authority, string directory, string? name, string role, string[] prefixes) => new()
        {
            Registrar = Address(url),
            Token = token,
            Authority = Authority(token, authority),
            Directory = directory,
            Name = Name(name),
            Role = RoleText.TryParse(role, out Role known) ? known : throw new WrongUseException("--role is endpoint or analyzer."),
            Prefixes = [.. prefixes.Select(PrefixArgument.Parse)],
        };

    private static Uri Address(string url)
    {
        if (!Uri.TryCreate(url, UriKind.Absolute, out Uri? address) || address.Scheme != Uri.UriSchemeHttps
            || address.PathAndQuery != "/" || address.UserInfo.Length > 0)
            throw new WrongUseException($"'{url}' is not the address of a registrar: it is like https://registrar.example:{RegistrarRoutes.DefaultPort}.");
        // 443 is what the URL means if it names no port, and never what a registrar listens on unless it was named.
        return address.IsDefaultPort && !url.TrimEnd('/').EndsWith(":443", StringComparison.Ordinal)
            ? new UriBuilder(address) { Port = RegistrarRoutes.DefaultPort }.Uri
            : address;
    }

    private static Fingerprint Authority(string token, string? authority)
    {
        if (authority is not null)
            return Fingerprint.TryParse(authority, out Fingerprint named)
                ? named
                : throw new WrongUseException("--authority is a fingerprint of 64 hexadecimal digits: 'pdm6 registrar' prints it at its start.");
        if (EnrollmentToken.TryParse(token, out EnrollmentToken? read, out string? error))
            return read.Authority;
        if (PasswordCredential.TryParse(token, out PasswordCredential? password, out string? passwordError))
            return password.Authority;
        if (token.StartsWith(PasswordCredential.Prefix, StringComparison.Ordinal))
            throw new WrongUseException(passwordError);
        throw new WrongUseException(token.StartsWith(EnrollmentToken.Prefix, StringComparison.Ordinal)
            ? error
            : $"{error} If another service decides about enrolments, add --authority with the registrar's fingerprint.");
    }

    private static string Name(string? name)
    {
        string chosen = name ?? Environment.MachineName;
        return ParticipantName.IsValid(chosen, out string? error)
            ? chosen
            : throw new WrongUseException($"The name '{chosen}' {error.TrimEnd('.')}: give another with --name.");
    }
}
