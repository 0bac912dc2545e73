using System.CommandLine;
using Pdm6.Cli.Registration;
using Pdm6.Registration.Contract;
using Pdm6.Registration.Identities;

namespace Pdm6.Cli.Verbs;

/// <summary><c>pdm6 keys show</c>.</summary>
internal sealed class KeysShowVerb : Verb
{
    internal KeysShowVerb() : base(
        "show",
        "Prints who this host is: name, role, prefixes, fingerprints. Nothing of it is secret.",
        "pdm6 keys show")
    {
        Option<string> identity = IdentityOption.Create();
        Option<bool> fingerprint = new("--fingerprint")
        {
            Description = "The identity fingerprint alone: what others pin, for example in an agent's \"analyzers\".",
        };
        Add(identity);
        Add(fingerprint);
        SetAction(parsed =>
        {
            using IdentityDirectory directory = IdentityDirectory.Load(parsed.GetRequiredValue(identity));
            TextWriter output = parsed.InvocationConfiguration.Output;
            if (parsed.GetValue(fingerprint))
                output.WriteLine(directory.Certificate.IdentityFingerprint);
            else
                Write(output, directory);
            return ExitCode.Success;
        });
    }

    private static void Write(TextWriter output, IdentityDirectory directory)
    {
        output.WriteLine($"name         {directory.Name}");
        output.WriteLine($"role         {RoleText.Of(directory.Role)}");
        output.WriteLine($"prefixes     {(directory.Certificate.Prefixes is [] ? "none" : string.Join(", ", directory.Certificate.Prefixes))}");
        output.WriteLine($"identity     {directory.Certificate.IdentityFingerprint}");
        output.WriteLine($"certificate  {directory.Certificate.Hash}, {Utc(directory.Certificate.NotBefore)} to {Utc(directory.Certificate.NotAfter)}");
        output.WriteLine($"registrar    {directory.Registrar}");
        output.WriteLine($"authority    {directory.Authority.Fingerprint}");
        foreach (HpkeKeyState key in directory.DescribeHpkeKeys())
            output.WriteLine($"HPKE key     {key.KeyId}, {HpkeKeyText.Of(key)}");
    }

    private static string Utc(DateTimeOffset moment) => HpkeKeyText.Utc(moment);
}
