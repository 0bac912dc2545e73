using Pdm6.Export;
using Pdm6.Security;

namespace Pdm6.Collector.Secrets;

/// <summary>
/// Where the secrets come from that open what agents seal, and who is taken for an agent. There are two ways: a key file
/// that all share (<see cref="KeyFileSecrets"/>, for laboratories) and registration. Safe for use by several threads.
/// </summary>
internal interface IContextSecrets : IAsyncDisposable
{
    /// <summary>Who we are to agents, and who is an agent.</summary>
    IPeerIdentity Peers { get; }

    /// <summary>The only name under which a peer may report.</summary>
    /// <param name="certificateDer">The peer's certificate.</param>
    /// <param name="name">Null if any will do.</param>
    /// <returns>False if it may not report at all.</returns>
    bool MayReport(ReadOnlySpan<byte> certificateDer, out string? name);

    /// <summary>The base secret of a context that an agent has described; false if secrets come another way.</summary>
    /// <param name="announcement">Valid.</param>
    /// <param name="baseSecret">32 octets; the caller zeroes them.</param>
    bool TryGetBaseSecret(Announcement announcement, Span<byte> baseSecret);

    /// <summary>Goes on until it is told to stop; completes before only if it cannot go on.</summary>
    Task RunAsync(CancellationToken stop);
}
