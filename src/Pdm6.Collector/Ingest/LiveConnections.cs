using System.Collections.Concurrent;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http.Features;
using Pdm6.Export;

namespace Pdm6.Collector.Ingest;

/// <summary>
/// The connections of agents, so that those end whose peer is none any more: a handshake looks at a certificate once,
/// and agents stay connected for days.
/// </summary>
/// <param name="peers">Tells who is a peer.</param>
/// <param name="time">Measures the pauses.</param>
internal sealed class LiveConnections(IPeerIdentity peers, TimeProvider time)
{
    private static readonly TimeSpan _lookEvery = TimeSpan.FromSeconds(1);

    private readonly ConcurrentDictionary<ConnectionContext, X509Certificate2> _all = new();

    /// <summary>A step of the listener's connections, behind TLS.</summary>
    public ConnectionDelegate Track(ConnectionDelegate next) => async connection =>
    {
        X509Certificate2 peer = connection.Features.GetRequiredFeature<ITlsConnectionFeature>().ClientCertificate
            ?? throw new InvalidOperationException("The listener wants a certificate of everybody.");
        _all[connection] = peer;
        try
        {
            await next(connection).ConfigureAwait(false);
        }
        finally
        {
            _all.TryRemove(connection, out _);
        }
    };

    /// <summary>Cuts connections, until it is told to stop.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        using PeriodicTimer timer = new(_lookEvery, time);
        while (await timer.WaitForNextTickAsync(stop).ConfigureAwait(false))
            foreach ((ConnectionContext connection, X509Certificate2 peer) in _all)
                if (!peers.IsPeer(peer))
                    connection.Abort(new ConnectionAbortedException("The agent's certificate is not accepted any more."));
    }
}
