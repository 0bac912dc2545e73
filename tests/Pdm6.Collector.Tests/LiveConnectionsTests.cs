using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http.Features;
using Pdm6.Collector.Ingest;
using Pdm6.Export;

namespace Pdm6.Collector.Tests;

/// <summary>A peer that is none any more loses the connection that it has; the others keep theirs.</summary>
public sealed class LiveConnectionsTests : IDisposable
{
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(60);

    private readonly CancellationTokenSource _stop = new();
    private readonly Peers _peers = new();
    private readonly X509Certificate2 _one = Certificate("one"), _other = Certificate("other");

    public void Dispose()
    {
        _stop.Dispose();
        _one.Dispose();
        _other.Dispose();
    }

    [Fact]
    public async Task Peer_ThatIsNoneAnyMore_IsCutOffAndTheOtherIsNot()
    {
        LiveConnections connections = new(_peers, TimeProvider.System);
        await using CutOff gone = Connection(_one), stays = Connection(_other);
        Task ofGone = connections.Track(UntilClosed)(gone), ofStays = connections.Track(UntilClosed)(stays);
        Task running = connections.RunAsync(_stop.Token);

        _peers.Refused = _one;
        await ofGone.WaitAsync(_patience);

        Assert.True(gone.ConnectionClosed.IsCancellationRequested);
        Assert.False(stays.ConnectionClosed.IsCancellationRequested);
        _peers.Refused = _other;
        await ofStays.WaitAsync(_patience);
        await _stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
    }

    [Fact]
    public async Task Connection_ThatHasEnded_IsLookedAtNoMore()
    {
        LiveConnections connections = new(_peers, TimeProvider.System);
        await using CutOff ended = Connection(_one), lives = Connection(_other);
        await connections.Track(_ => Task.CompletedTask)(ended);
        Task ofLives = connections.Track(UntilClosed)(lives);
        Task running = connections.RunAsync(_stop.Token);

        _peers.Refused = _other;
        await ofLives.WaitAsync(_patience);

        Assert.DoesNotContain(_one, _peers.LookedAt);
        await _stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
    }

    [Fact]
    public async Task Connection_WithoutACertificate_IsAMistakeOfTheListener()
    {
        LiveConnections connections = new(_peers, TimeProvider.System);
        await using CutOff nobody = Connection(null);

        await Assert.ThrowsAsync<InvalidOperationException>(() => connections.Track(UntilClosed)(nobody));
    }

    private static async Task UntilClosed(ConnectionContext connection)
    {
        TaskCompletionSource closed = new(TaskCreationOptions.RunContinuationsAsynchronously);
        await using CancellationTokenRegistration onClosed = connection.ConnectionClosed.Register(closed.SetResult);
        await closed.Task;
    }

    private static CutOff Connection(X509Certificate2? certificate)
    {
        CutOff connection = new();
        connection.Features.Set<ITlsConnectionFeature>(new Tls { ClientCertificate = certificate });
        return connection;
    }

    private static X509Certificate2 Certificate(string name)
    {
        using System.Security.Cryptography.ECDsa key = System.Security.Cryptography.ECDsa.Create();
        return new CertificateRequest($"CN={name}", key, System.Security.Cryptography.HashAlgorithmName.SHA256)
            .CreateSelfSigned(DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddYears(200));
    }

    /// <summary>A connection whose end can be heard.</summary>
    private sealed class CutOff : DefaultConnectionContext
    {
        private readonly CancellationTokenSource _closed = new();

        public CutOff() => ConnectionClosed = _closed.Token;

        public override void Abort(ConnectionAbortedException abortReason) => _closed.Cancel();

        public override ValueTask DisposeAsync()
        {
            _closed.Dispose();
            return base.DisposeAsync();
        }
    }

    private sealed class Tls : ITlsConnectionFeature
    {
        public X509Certificate2? ClientCertificate { get; set; }

        public Task<X509Certificate2?> GetClientCertificateAsync(CancellationToken cancellationToken) => Task.FromResult(ClientCertificate);
    }

    private sealed class Peers : IPeerIdentity
    {
        private volatile X509Certificate2? _refused;

        public X509Certificate2? Refused { set => _refused = value; }

        public System.Collections.Concurrent.ConcurrentBag<X509Certificate> LookedAt { get; } = [];

        public X509Certificate2 Certificate => throw new NotSupportedException();

        public string Advice => throw new NotSupportedException();

        public bool IsPeer(X509Certificate? certificate)
        {
            LookedAt.Add(certificate!);
            return !ReferenceEquals(certificate, _refused);
        }
    }
}
