using System.Net;

namespace Pdm6.Registration.Radius;

/// <summary>What the operator says about RADIUS: docs/radius.md. Owns the secrets.</summary>
public sealed class RadiusOptions : IDisposable
{
    /// <summary>The most servers.</summary>
    public const int MostServers = 8;
    /// <summary>The port of RFC 2865.</summary>
    public const int DefaultPort = 1812;
    /// <summary>The port for Disconnect-Requests of RFC 5176.</summary>
    public const int DefaultDisconnectPort = 3799;

    /// <summary>The servers, in the order in which they are asked.</summary>
    public required IReadOnlyList<RadiusServer> Servers { get; init; }

    /// <summary>What the registrar calls itself (NAS-Identifier).</summary>
    public string NasIdentifier { get; init; } = "pdm6-registrar";

    /// <summary>What is asked for (Service-Type, RFC 2865 section 5.6): 2, Framed, unless told otherwise.</summary>
    public uint ServiceType { get; init; } = 2;

    /// <summary>The User-Password of every participant; null: the secret of the token that it enrols with.</summary>
    public RadiusSecret? Password { get; init; }

    /// <summary>How long to wait for the first answer, seconds; each retransmission waits twice as long as the one
    /// before, RFC 5080 section 2.2.1.</summary>
    public double TimeoutSeconds { get; init; } = 2;

    /// <summary>How often to send a request to one server.</summary>
    public int Tries { get; init; } = 2;

    /// <summary>Where to listen for Disconnect-Requests; null: nowhere.</summary>
    public IPEndPoint? DisconnectListener { get; init; }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (RadiusServer server in Servers)
            server.Secret.Dispose();
        Password?.Dispose();
    }
}
