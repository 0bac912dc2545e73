using System.Security.Cryptography.X509Certificates;

namespace Pdm6.Export;

/// <summary>Who an agent or a collector is to the other over TLS, and whom it takes for the other. Safe for use by
/// several threads.</summary>
public interface IPeerIdentity
{
    /// <summary>Our certificate with its private key. It may be another one next time: certificates are renewed. The
    /// caller does not dispose of it.</summary>
    X509Certificate2 Certificate { get; }

    /// <summary>What a person does when the other side is not who it should be: the end of a sentence.</summary>
    string Advice { get; }

    /// <summary>True if a certificate is, now, that of a peer. The handshake proves that the peer holds the private
    /// half.</summary>
    bool IsPeer(X509Certificate? certificate);
}
