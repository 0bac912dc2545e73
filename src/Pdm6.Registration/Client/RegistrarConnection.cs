using System.Net;
using System.Net.Http.Json;
using System.Net.Security;
using System.Security.Authentication;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Pdm6.Registration.Contract;

namespace Pdm6.Registration.Client;

/// <summary>
/// HTTP to a registrar over TLS 1.3. Trouble on the network is an answer, not an exception. Safe for use by several
/// threads.
/// </summary>
internal sealed class RegistrarConnection : IDisposable
{
    private const int LargestAnswer = 2 * RegistrarLimits.LargestPage;
    private const int LongestMessage = 512;
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(10);

    private readonly HttpClient _http;

    /// <param name="registrar">For example <c>https://registrar.example:8652</c>.</param>
    /// <param name="tls">Who is believed, and who we are.</param>
    /// <exception cref="ArgumentException">Not an absolute https address.</exception>
    public RegistrarConnection(Uri registrar, SslClientAuthenticationOptions tls)
    {
        if (!registrar.IsAbsoluteUri || registrar.Scheme != Uri.UriSchemeHttps)
            throw new ArgumentException("A registrar's address begins with https://.", nameof(registrar));
        tls.EnabledSslProtocols = SslProtocols.Tls13;
        // A resumed session would go on under the certificate that it began with.
        tls.AllowTlsResume = false;
        SocketsHttpHandler handler = new()
        {
            AllowAutoRedirect = false,
            UseProxy = false,
            UseCookies = false,
            ConnectTimeout = s_patience,
            // So that a renewed certificate comes into use.
            PooledConnectionLifetime = TimeSpan.FromMinutes(10),
            PooledConnectionIdleTimeout = TimeSpan.FromMinutes(2),
            // A host that vanished without a word is noticed while a long poll waits.
            KeepAlivePingDelay = TimeSpan.FromSeconds(15),
            KeepAlivePingTimeout = s_patience,
            EnableMultipleHttp2Connections = false,
            SslOptions = tls,
        };
        _http = new HttpClient(handler)
        {
            BaseAddress = registrar,
            Timeout = Timeout.InfiniteTimeSpan,
            MaxResponseContentBufferSize = LargestAnswer,
            DefaultRequestVersion = HttpVersion.Version20,
            DefaultVersionPolicy = HttpVersionPolicy.RequestVersionOrLower,
        };
    }

    /// <summary>Asks, and reads the answer.</summary>
    /// <param name="method">The HTTP method.</param>
    /// <param name="route">Path and query.</param>
    /// <param name="body">What to send, or null.</param>
    /// <param name="answer">How to read an answer; null if the route gives none.</param>
    /// <param name="patience">How long the registrar may take beyond the usual.</param>
    /// <param name="stop">Gives up.</param>
    /// <typeparam name="T">What the route answers.</typeparam>
    /// <exception cref="OperationCanceledException">The caller gave up.</exception>
    public async Task<RegistrarReply<T>> AskAsync<T>(
        HttpMethod method, string route, HttpContent? body, JsonTypeInfo<T>? answer, TimeSpan patience, CancellationToken stop)
        where T : class
    {
        using CancellationTokenSource deadline = CancellationTokenSource.CreateLinkedTokenSource(stop);
        deadline.CancelAfter(s_patience + patience);
        using HttpRequestMessage request = new(method, route)
        {
            Content = body,
            Version = _http.DefaultRequestVersion,
            VersionPolicy = _http.DefaultVersionPolicy,
        };
        try
        {
            using HttpResponseMessage response = await _http
                .SendAsync(request, HttpCompletionOption.ResponseContentRead, deadline.Token).ConfigureAwait(false);
            return response.StatusCode switch
            {
                HttpStatusCode.Accepted => await UnderstandAsync(
                    response, RegistrarJson.Default.PendingAnswer,
                    static pending => new RegistrarReply<T>(RegistrarOutcome.Pending, null, Message: OneLine(pending.Pending)),
                    deadline.Token).ConfigureAwait(false),
                _ when !response.IsSuccessStatusCode => await ExplainAsync<T>(response, deadline.Token).ConfigureAwait(false),
                _ when answer is null => new RegistrarReply<T>(RegistrarOutcome.Accepted, null),
                _ => await UnderstandAsync(
                    response, answer, static value => new RegistrarReply<T>(RegistrarOutcome.Accepted, value),
                    deadline.Token).ConfigureAwait(false),
            };
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            return Unavailable<T>($"no answer from {_http.BaseAddress} in {(s_patience + patience).TotalSeconds:0} s");
        }
        catch (HttpRequestException trouble)
        {
            return trouble.GetBaseException() is NotTheRegistrarException stranger
                ? new RegistrarReply<T>(RegistrarOutcome.NotTheRegistrar, null, Message: $"{_http.BaseAddress}: {stranger.Message}")
                : Unavailable<T>($"{_http.BaseAddress}: {OneLine(trouble.GetBaseException().Message)}");
        }
    }

    public void Dispose() => _http.Dispose();

    private static RegistrarReply<T> Unavailable<T>(string message) where T : class =>
        new(RegistrarOutcome.Unavailable, null, Message: message);

    private static async Task<RegistrarReply<T>> UnderstandAsync<TBody, T>(
        HttpResponseMessage response, JsonTypeInfo<TBody> type, Func<TBody, RegistrarReply<T>> made, CancellationToken stop)
        where T : class
    {
        try
        {
            if (await response.Content.ReadFromJsonAsync(type, stop).ConfigureAwait(false) is { } value)
                return made(value);
        }
        // The last two are how .NET tells of a charset that does not exist, and of one that it will not have.
        catch (Exception trouble) when (trouble is JsonException or InvalidOperationException or NotSupportedException)
        {
            return NotUnderstood<T>(trouble.Message);
        }
        return NotUnderstood<T>("it is null");
    }

    private static RegistrarReply<T> NotUnderstood<T>(string why) where T : class => new(
        RegistrarOutcome.Refused, null,
        Message: $"the registrar's answer is not understood ({OneLine(why)}): are both of the same version?");

    private static async Task<RegistrarReply<T>> ExplainAsync<T>(HttpResponseMessage response, CancellationToken stop)
        where T : class
    {
        (string code, string message) = ("", $"the registrar says {(int)response.StatusCode} and no reason");
        try
        {
            byte[] body = await response.Content.ReadAsByteArrayAsync(stop).ConfigureAwait(false);
            if (JsonSerializer.Deserialize(body, RegistrarJson.Default.ErrorAnswer) is { } error)
                (code, message) = (OneLine(error.Error), OneLine(error.Message));
        }
        catch (JsonException)
        {
            // Something between us and the registrar answered: the status alone says what to do next.
        }
        bool isBusy = response.StatusCode is HttpStatusCode.TooManyRequests or >= HttpStatusCode.InternalServerError;
        return new RegistrarReply<T>(
            isBusy ? RegistrarOutcome.Unavailable : RegistrarOutcome.Refused, null, code, message,
            response.Headers.RetryAfter?.Delta);
    }

    // It goes to a terminal and to logs.
    private static string OneLine(string text) => string.Concat(
        text.Take(LongestMessage).Select(character => char.IsControl(character) ? ' ' : character)).Trim();
}
