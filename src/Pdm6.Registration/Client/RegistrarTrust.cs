using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Pdm6.Security.Identity;

namespace Pdm6.Registration.Client;

/// <summary>
/// Whether a server is the registrar: its certificate leads to the pinned authority and to no other, is for servers,
/// and names the host of the URL. Names count only where RFC 9525 looks for them, in the subject alternative names: the
/// authority also certifies analyzers, whose common names are their own choice.
/// </summary>
/// <param name="authority">The pinned authority.</param>
/// <param name="host">The host of the URL, without brackets.</param>
/// <param name="time">Tells which certificates are valid.</param>
internal sealed class RegistrarTrust(AuthorityCertificate authority, string host, TimeProvider time)
{
    private const string ServerAuthentication = "1.3.6.1.5.5.7.3.1";

    /// <summary>For <see cref="SslClientAuthenticationOptions.RemoteCertificateValidationCallback"/>: true, or an
    /// exception whose message a person can use.</summary>
    /// <exception cref="NotTheRegistrarException">The server is not the registrar.</exception>
    public bool Require(object sender, X509Certificate? presented, X509Chain? received, SslPolicyErrors platformSays)
    {
        if (presented is null)
            throw new NotTheRegistrarException("the server shows no certificate: check the URL");
        using X509Certificate2 certificate = new(presented);
        using X509Certificate2 root = X509CertificateLoader.LoadCertificate(authority.Der.Span);
        using X509Chain chain = new();
        X509ChainPolicy policy = chain.ChainPolicy;
        policy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        policy.CustomTrustStore.Add(root);
        policy.RevocationMode = X509RevocationMode.NoCheck;
        policy.DisableCertificateDownloads = true;
        policy.VerificationTime = time.GetUtcNow().UtcDateTime;
        policy.ApplicationPolicy.Add(new Oid(ServerAuthentication));
        if (received is not null)
            policy.ExtraStore.AddRange(received.ChainPolicy.ExtraStore);
        bool isOurs = chain.Build(certificate);
        X509ChainStatusFlags flaws = chain.ChainStatus.Aggregate(X509ChainStatusFlags.NoError, (all, one) => all | one.Status);
        foreach (X509ChainElement element in chain.ChainElements)
            element.Certificate.Dispose();
        if (!isOurs)
            throw new NotTheRegistrarException(flaws == X509ChainStatusFlags.NotTimeValid ? Untimely(certificate) : Foreign);
        if (!certificate.MatchesHostname(host, allowWildcards: false, allowCommonName: false))
            throw new NotTheRegistrarException(
                $"the registrar's certificate does not name {host}: use a name or address that it was given with --listen or --host");
        return true;
    }

    private const string Foreign =
        "the server's certificate is not of the registrar's authority: check the URL, or ask the operator whether the authority changed";

    private string Untimely(X509Certificate2 certificate) =>
        $"the registrar's certificate is valid from {Utc(certificate.NotBefore)} to {Utc(certificate.NotAfter)}, and this host's clock "
        + $"says {Utc(time.GetUtcNow().UtcDateTime)}: set the clock, or ask the operator to renew the certificate";

    private static string Utc(DateTime moment) => moment.ToUniversalTime().ToString("yyyy-MM-dd HH:mm:ss'Z'");
}
