using Pdm6.Lab;
using Pdm6.Registration;
using Pdm6.Registration.Contract;
using Pdm6.Registration.Identities;
using Pdm6.Security.Identity;
using Pdm6.Wire;

namespace Pdm6.Cli.Demo;

/// <summary>What an operator does once for every host: a token for it, and <c>pdm6 enroll</c> there.</summary>
internal static class DemoEnrollment
{
    private const int ShownDigits = 16;

    /// <summary>Enrols a host with the registrar in the collector.</summary>
    /// <param name="files">Where its identity goes.</param>
    /// <param name="name">Its name.</param>
    /// <param name="host">Its namespace.</param>
    /// <param name="address">The address that it measures from.</param>
    /// <param name="registrar">Where it reaches the registrar.</param>
    /// <param name="screen">Is told who it is now.</param>
    /// <exception cref="CommandFailedException">It was refused.</exception>
    internal static async Task EnrollAsync(
        DemoFiles files, string name, NetworkNamespace host, Ipv6Address address, Ipv6Address registrar, IDemoScreen screen)
    {
        Ipv6Prefix prefix = new(address, 128);
        string token = files.WriteToken(name, await MakeTokenAsync(files, prefix).ConfigureAwait(false));
        await host.Inside(OwnProgram.Command(
            "enroll", $"https://[{registrar}]:{RegistrarRoutes.DefaultPort}", "--token-file", token, "--identity", files.Identity(name),
            "--name", name)).RunAsync().ConfigureAwait(false);
        using IdentityDirectory identity = IdentityDirectory.Load(files.Identity(name));
        screen.Say($"enrolled: endpoint {name} for {string.Join(", ", identity.Certificate.Prefixes)}, {Short(identity.Certificate)}");
    }

    /// <summary>The analyzer that agents seal to: the collector, which has enrolled itself.</summary>
    internal static Fingerprint FindAnalyzer(DemoFiles files, IDemoScreen screen)
    {
        using IdentityDirectory analyzer = IdentityDirectory.Load(files.Analyzer);
        screen.Say($"enrolled: analyzer {analyzer.Name}, {Short(analyzer.Certificate)}");
        return analyzer.Certificate.IdentityFingerprint;
    }

    private static string Short(ParticipantCertificate certificate) =>
        $"identity {certificate.IdentityFingerprint.ToString()[..ShownDigits]}...";

    private static async Task<string> MakeTokenAsync(DemoFiles files, Ipv6Prefix prefix)
    {
        using RegistrarOperator registrar = RegistrarOperator.Open(new RegistrarOptions { Data = files.Registrar });
        EnrollmentToken token = await registrar
            .CreateTokenAsync(new TokenRequest { Role = Role.Endpoint, Prefixes = [prefix] }).ConfigureAwait(false);
        return token.ToText();
    }
}
