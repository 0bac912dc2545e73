using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json;

namespace Pdm6.Export;

/// <summary>
/// An agent's way to its collector: HTTP/2 over TLS 1.3, each side known to the other by its certificate.
/// Trouble on the network is an answer, not an exception: the agent decides what to try again and what to keep.
/// Safe for use by several threads.
/// </summary>
public sealed class CollectorClient : IDisposable
{
    private const int LargestAnswer = 16 << 20;
    private const int LongestReason = 512;
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(10);

    // HTTP/2: there is one at a time.
    private sealed record Connection(Stream Stream, X509Certificate Peer);

    private readonly HttpClient _http;
    private readonly IPeerIdentity _identity;
    private volatile Connection? _connection;

    /// <summary>A client; it connects when it is first used.</summary>
    /// <param name="collector">For example <c>https://[2001:db8::1]:8651</c>.</param>
    /// <param name="identity">The agent's identity. The caller disposes of it after this client.</param>
    /// <exception cref="ArgumentException">The address is not an absolute https address.</exception>
    public CollectorClient(Uri collector, IPeerIdentity identity)
    {
        ArgumentNullException.ThrowIfNull(collector);
        ArgumentNullException.ThrowIfNull(identity);
        if (!collector.IsAbsoluteUri || collector.Scheme != Uri.UriSchemeHttps)
            throw new ArgumentException("A collector's address begins with https://.", nameof(collector));
        _identity = identity;
        SocketsHttpHandler handler = new()
        {
            AllowAutoRedirect = false,
            UseProxy = false,
            UseCookies = false,
            ConnectTimeout = _patience,
            PooledConnectionIdleTimeout = TimeSpan.FromMinutes(2),
            // A host that vanished without a word is noticed while a long poll waits.
            KeepAlivePingDelay = TimeSpan.FromSeconds(15),
            KeepAlivePingTimeout = _patience,
            SslOptions = new SslClientAuthenticationOptions
            {
                EnabledSslProtocols = SslProtocols.Tls13,
                LocalCertificateSelectionCallback = (_, _, _, _, _) => identity.Certificate,
                CertificateRevocationCheckMode = X509RevocationMode.NoCheck,
                RemoteCertificateValidationCallback = (_, certificate, _, _) => identity.IsPeer(certificate),
            },
            PlaintextStreamFilter = (made, _) =>
            {
                _connection = new Connection(made.PlaintextStream, ((SslStream)made.PlaintextStream).RemoteCertificate!);
                return ValueTask.FromResult(made.PlaintextStream);
            },
        };
        _http = new HttpClient(handler)
        {
            BaseAddress = collector,
            Timeout = Timeout.InfiniteTimeSpan,
            MaxResponseContentBufferSize = LargestAnswer,
        };
    }

    /// <summary>Tells the collector who this agent is and what its newest context is.</summary>
    /// <param name="description">The agent.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="OperationCanceledException">The caller gave up.</exception>
    public async Task<CollectorReply> PutAgentAsync(AgentDescription description, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(description);
        using HttpRequestMessage request = new(HttpMethod.Put, ExportRoutes.Agents + description.IncarnationId)
        {
            Content = JsonContent.Create(description, ExportJson.Default.AgentDescription),
        };
        return await SendAsync(request, _patience, read: null, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Posts one batch made by <see cref="ObservationBatch.Write"/>.</summary>
    /// <param name="batch">The octets; unchanged until the task ends.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="OperationCanceledException">The caller gave up.</exception>
    public async Task<CollectorReply> PostObservationsAsync(
        ReadOnlyMemory<byte> batch, CancellationToken cancellationToken)
    {
        ReadOnlyMemoryContent content = new(batch);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/octet-stream");
        using HttpRequestMessage request = new(HttpMethod.Post, ExportRoutes.Observations) { Content = content };
        return await SendAsync(request, _patience, read: null, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Posts everything that the agent counts.</summary>
    /// <param name="report">The counters.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="OperationCanceledException">The caller gave up.</exception>
    public async Task<CollectorReply> PostCountersAsync(CounterReport report, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(report);
        using HttpRequestMessage request = new(HttpMethod.Post, ExportRoutes.Counters)
        {
            Content = JsonContent.Create(report, ExportJson.Default.CounterReport),
        };
        return await SendAsync(request, _patience, read: null, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Posts what a round of probing told.</summary>
    /// <param name="reports">At most <see cref="ProbeRound.MostAtOnce"/>.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="OperationCanceledException">The caller gave up.</exception>
    public async Task<CollectorReply> PostProbesAsync(IReadOnlyList<ProbeRound> reports, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(reports);
        using HttpRequestMessage request = new(HttpMethod.Post, ExportRoutes.Probes)
        {
            Content = JsonContent.Create(reports, ExportJson.Default.IReadOnlyListProbeRound),
        };
        return await SendAsync(request, _patience, read: null, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Asks for all live announcements, and waits for a version newer than <paramref name="after"/>.</summary>
    /// <param name="after">Version of the last page; 0 for the first, which comes at once.</param>
    /// <param name="waitSeconds">How long to wait, at most <see cref="ExportRoutes.LongestWaitSeconds"/>. When the
    /// time passes without a change the collector answers with the page as it is.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The reply, and the page if it was accepted.</returns>
    /// <exception cref="OperationCanceledException">The caller gave up.</exception>
    public async Task<(CollectorReply Reply, AnnouncementPage? Page)> GetAnnouncementsAsync(
        long after, int waitSeconds, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(after);
        ArgumentOutOfRangeException.ThrowIfNegative(waitSeconds);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(waitSeconds, ExportRoutes.LongestWaitSeconds);
        using HttpRequestMessage request = new(
            HttpMethod.Get, $"{ExportRoutes.Announcements}?after={after}&waitSeconds={waitSeconds}");
        AnnouncementPage? page = null;
        CollectorReply reply = await SendAsync(
            request,
            _patience + TimeSpan.FromSeconds(waitSeconds),
            async (content, patience) => page = await content
                .ReadFromJsonAsync(ExportJson.Default.AnnouncementPage, patience).ConfigureAwait(false),
            cancellationToken).ConfigureAwait(false);
        return reply.IsAccepted && page is null
            ? (new CollectorReply(CollectorOutcome.Refused, "the collector's page is empty"), null)
            : (reply, page);
    }

    /// <inheritdoc/>
    public void Dispose() => _http.Dispose();

    private async Task<CollectorReply> SendAsync(
        HttpRequestMessage request, TimeSpan patience, Func<HttpContent, CancellationToken, Task>? read,
        CancellationToken cancellationToken)
    {
        // A connection outlives the moment in which its peer stops being one; another one is checked when it is made.
        if (_connection is { } connection && !_identity.IsPeer(connection.Peer))
        {
            _connection = null;
            await connection.Stream.DisposeAsync().ConfigureAwait(false);
        }
        using CancellationTokenSource deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        deadline.CancelAfter(patience);
        request.Version = HttpVersion.Version20;
        request.VersionPolicy = HttpVersionPolicy.RequestVersionExact;
        try
        {
            using HttpResponseMessage response = await _http
                .SendAsync(request, HttpCompletionOption.ResponseContentRead, deadline.Token).ConfigureAwait(false);
            return response.IsSuccessStatusCode
                ? await UnderstandAsync(response.Content, read, deadline.Token).ConfigureAwait(false)
                : await ExplainAsync(response, deadline.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return new CollectorReply(
                CollectorOutcome.Unreachable, $"no answer from {_http.BaseAddress} in {patience.TotalSeconds:0} s");
        }
        catch (HttpRequestException trouble) when (trouble.HttpRequestError == HttpRequestError.SecureConnectionError)
        {
            return new CollectorReply(
                CollectorOutcome.NotTheCollector,
                $"{_http.BaseAddress} is not a collector that this agent trusts: {_identity.Advice}");
        }
        catch (HttpRequestException trouble)
        {
            return new CollectorReply(CollectorOutcome.Unreachable, $"{_http.BaseAddress}: {trouble.GetBaseException().Message}");
        }
    }

    private static async Task<CollectorReply> UnderstandAsync(
        HttpContent content, Func<HttpContent, CancellationToken, Task>? read, CancellationToken patience)
    {
        try
        {
            if (read is not null)
                await read(content, patience).ConfigureAwait(false);
            return new CollectorReply(CollectorOutcome.Accepted, "");
        }
        // The last two are how .NET tells of a charset that does not exist, and of one that it will not have.
        catch (Exception trouble) when (trouble is JsonException or InvalidOperationException or NotSupportedException)
        {
            return new CollectorReply(CollectorOutcome.Refused, $"the collector's answer is not understood: {trouble.Message}");
        }
    }

    [SuppressMessage("Style", "IDE0072", Justification = "Every other status is a refusal.")]
    private static async Task<CollectorReply> ExplainAsync(HttpResponseMessage response, CancellationToken patience)
    {
        // Whatever charset it claims: the status says what to do next, this is only for people.
        string text = Encoding.UTF8.GetString(await response.Content.ReadAsByteArrayAsync(patience).ConfigureAwait(false));
        string line = text.Length is > 0 and <= LongestReason ? text.ReplaceLineEndings(" ").Trim() : "no reason given";
        CollectorOutcome outcome = response.StatusCode switch
        {
            HttpStatusCode.NotFound => CollectorOutcome.UnknownAgent,
            HttpStatusCode.ServiceUnavailable or HttpStatusCode.TooManyRequests => CollectorOutcome.Busy,
            >= HttpStatusCode.InternalServerError => CollectorOutcome.Busy,
            _ => CollectorOutcome.Refused,
        };
        return new CollectorReply(outcome, $"{(int)response.StatusCode}: {line}");
    }
}
