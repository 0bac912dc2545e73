using System.CommandLine;
using System.Security.Cryptography;
using System.Text;
using Pdm6.Cli.Registration;
using Pdm6.Registration.Identities;
using Pdm6.Security.Files;

namespace Pdm6.Cli.Verbs;

/// <summary><c>pdm6 keys export</c>.</summary>
internal sealed class KeysExportVerb : Verb
{
    internal KeysExportVerb() : base(
        "export",
        "Writes the certificates (PEM), or with --private the HPKE keys that open captures on another host.",
        "pdm6 keys export --private --output analyst.keys",
        """
        This host's certificate and its authority's, in PEM; with --authority, the authority's alone. With --private: every HPKE
        private key, also former ones, into a file of mode 0600 that must be named; whoever has it can open what was sealed to
        this host. To open captures elsewhere: 'pdm6 analyze --analyzer-key' and '--authority' take the two files. The identity
        key itself is never exported.
        """)
    {
        Option<string> identity = IdentityOption.Create();
        Option<bool> isPrivate = new("--private") { Description = "The HPKE private keys; needs --output." };
        Option<bool> authority = new("--authority") { Description = "The authority's certificate alone." };
        Option<string?> output = new("--output") { Description = "The file to write (default: standard output)." };
        Option<bool> force = new("--force") { Description = "Replace the file." };
        foreach (Option option in (Option[])[identity, isPrivate, authority, output, force])
            Add(option);
        SetAction(parsed =>
        {
            string? path = parsed.GetValue(output);
            if (parsed.GetValue(isPrivate) && parsed.GetValue(authority))
                throw new WrongUseException("--private and --authority are two files: run it once for each.");
            if (parsed.GetValue(isPrivate) && path is null)
                throw new WrongUseException("Private keys go into a file only: add --output FILE.");
            using IdentityDirectory directory = IdentityDirectory.Load(parsed.GetRequiredValue(identity));
            if (parsed.GetValue(isPrivate))
                HpkeKeyFile.Write(path!, directory.HpkeKeys, parsed.GetValue(force));
            else if (path is null)
                parsed.InvocationConfiguration.Output.Write(Certificates(directory, parsed.GetValue(authority)));
            else
                AtomicFile.Write(path, Encoding.ASCII.GetBytes(Certificates(directory, parsed.GetValue(authority))), parsed.GetValue(force));
            return ExitCode.Success;
        });
    }

    private static string Certificates(IdentityDirectory directory, bool isAuthorityAlone) =>
        isAuthorityAlone ? Pem(directory.Authority.Der) : Pem(directory.Certificate.Der) + Pem(directory.Authority.Der);

    private static string Pem(ReadOnlyMemory<byte> der) => PemEncoding.WriteString("CERTIFICATE", der.Span) + "\n";
}
