using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using Pdm6.Registration.Contract;

namespace Pdm6.Registration.Client;

/// <summary>Asks a server, before anything is known of it, for its authority's certificate. Anybody may answer; nothing is
/// told to him, and the answer counts only if its fingerprint is the expected one.</summary>
internal static class AuthorityQuery
{
    /// <exception cref="OperationCanceledException">The caller gave up.</exception>
    public static async Task<RegistrarReply<AuthorityAnswer>> AskAsync(Uri registrar, CancellationToken stop)
    {
        using RegistrarConnection connection = new(registrar, new SslClientAuthenticationOptions
        {
            CertificateRevocationCheckMode = X509RevocationMode.NoCheck,
#pragma warning disable CA5359 // the authority's certificate is public; what follows is believed by its fingerprint alone
            RemoteCertificateValidationCallback = static (_, _, _, _) => true,
#pragma warning restore CA5359
        });
        return await connection.AskAsync(
            HttpMethod.Get, RegistrarRoutes.Authority, body: null, RegistrarJson.Default.AuthorityAnswer, TimeSpan.Zero, stop)
            .ConfigureAwait(false);
    }
}
