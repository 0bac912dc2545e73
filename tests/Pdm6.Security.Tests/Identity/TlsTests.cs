using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Pdm6.Security.Identity;

namespace Pdm6.Security.Tests.Identity;

/// <summary>The certificates as the platform's TLS sees them: OpenSSL knows the critical address blocks.</summary>
public sealed class TlsTests
{
    [Fact]
    public async Task MutualTls_ParticipantsOfOneAuthority_TrustTheChain()
    {
        using World world = new();
        Participant endpoint = world.Join("host-a", Role.Endpoint, "2001:db8:1::/48", "2001:db8:2::/48", "2001:db8:3::/48");
        Participant analyzer = world.Join("collector", Role.Analyzer);
        Assert.Equal(
            [SslPolicyErrors.None, SslPolicyErrors.None],
            await MeetAsync(world, endpoint, analyzer).WaitAsync(TimeSpan.FromSeconds(30)));
    }

    [Fact]
    public async Task MutualTls_ParticipantsOfAnOperatorsAuthority_TrustTheChain()
    {
        using World world = new(OperatorAuthority.OfEllipticKey(ECCurve.NamedCurves.nistP384, HashAlgorithmName.SHA384));
        Participant endpoint = world.Join("host-a", Role.Endpoint, "2001:db8:1::/48");
        Participant analyzer = world.Join("collector", Role.Analyzer);
        Assert.Equal(
            [SslPolicyErrors.None, SslPolicyErrors.None],
            await MeetAsync(world, endpoint, analyzer).WaitAsync(TimeSpan.FromSeconds(30)));
    }

    [Fact]
    public async Task MutualTls_ParticipantOfAnotherAuthority_IsNotTrusted()
    {
        using World world = new(), other = new();
        Participant endpoint = other.Join("host-a", Role.Endpoint, "2001:db8:1::/48");
        Participant analyzer = world.Join("collector", Role.Analyzer);
        SslPolicyErrors[] errors = await MeetAsync(world, endpoint, analyzer).WaitAsync(TimeSpan.FromSeconds(30));
        Assert.NotEqual(SslPolicyErrors.None, errors[0] & SslPolicyErrors.RemoteCertificateChainErrors);
        Assert.Equal(SslPolicyErrors.None, errors[1]);
    }

    /// <summary>What the server thinks of the client, and the client of the server.</summary>
    private static async Task<SslPolicyErrors[]> MeetAsync(World world, Participant client, Participant server)
    {
        using TcpListener listener = new(IPAddress.IPv6Loopback, 0);
        listener.Start();
        using TcpClient outgoing = new(AddressFamily.InterNetworkV6);
        Task<TcpClient> accepting = listener.AcceptTcpClientAsync();
        await outgoing.ConnectAsync((IPEndPoint)listener.LocalEndpoint);
        using TcpClient incoming = await accepting;
        using X509Certificate2 clientCertificate = client.Key.ForTls(client.Der), serverCertificate = server.Key.ForTls(server.Der);

        SslPolicyErrors ofClient = default, ofServer = default;
        await using SslStream serverSide = new(incoming.GetStream()), clientSide = new(outgoing.GetStream());
        SslServerAuthenticationOptions serving = new()
        {
            ServerCertificateContext = SslStreamCertificateContext.Create(serverCertificate, null, offline: true),
            ClientCertificateRequired = true,
            EnabledSslProtocols = SslProtocols.Tls13,
            CertificateChainPolicy = Policy(world),
            RemoteCertificateValidationCallback = (_, _, _, errors) => (ofClient = errors) == errors,
        };
        SslClientAuthenticationOptions asking = new()
        {
            TargetHost = "collector",
            ClientCertificateContext = SslStreamCertificateContext.Create(clientCertificate, null, offline: true),
            EnabledSslProtocols = SslProtocols.Tls13,
            CertificateChainPolicy = Policy(world),
            // Participants are known by role and fingerprint, not by the names of hosts.
            RemoteCertificateValidationCallback = (_, _, _, errors) =>
                (ofServer = errors & ~SslPolicyErrors.RemoteCertificateNameMismatch) == (errors & ~SslPolicyErrors.RemoteCertificateNameMismatch),
        };
        await Task.WhenAll(serverSide.AuthenticateAsServerAsync(serving), clientSide.AuthenticateAsClientAsync(asking));
        return [ofClient, ofServer];
    }

    private static X509ChainPolicy Policy(World world) => new()
    {
        TrustMode = X509ChainTrustMode.CustomRootTrust,
        CustomTrustStore = { X509CertificateLoader.LoadCertificate(world.Trust.Der.Span) },
        RevocationMode = X509RevocationMode.NoCheck,
        VerificationTimeIgnored = false,
        VerificationTime = World.Now.UtcDateTime,
    };
}
