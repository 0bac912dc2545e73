using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text.Json;
using Pdm6.Lab;

namespace Pdm6.Cli.Demo;

/// <summary>Asks the collector's web interface, which only programs in its namespace can reach.</summary>
internal sealed class CollectorReader : IDisposable
{
    private static readonly TimeSpan s_pollInterval = TimeSpan.FromMilliseconds(50);

    private readonly HttpClient _http;

    internal CollectorReader(NetworkNamespace host)
    {
        IPEndPoint inside = new(IPAddress.IPv6Loopback, DemoFiles.WebPort);
        SocketsHttpHandler handler = new()
        {
            ConnectCallback = async (_, cancellation) => new NetworkStream(
                await Task.Run(() => host.Connect(inside), cancellation).ConfigureAwait(false), ownsSocket: true),
        };
        _http = new HttpClient(handler) { BaseAddress = new Uri($"http://{inside}"), Timeout = TimeSpan.FromSeconds(30) };
    }

    /// <summary>Waits until the collector answers.</summary>
    internal async Task WaitUntilReadyAsync(CancellationToken cancellation)
    {
        while (!await IsReadyAsync(cancellation).ConfigureAwait(false))
            await Task.Delay(s_pollInterval, cancellation).ConfigureAwait(false);
    }

    internal async Task<Readings> ReadAsync(CancellationToken cancellation)
    {
        GroupReading[] groups = await GetAsync<GroupReading[]>("/v1/groups", cancellation).ConfigureAwait(false);
        TotalsReading totals = await GetAsync<TotalsReading>("/v1/totals", cancellation).ConfigureAwait(false);
        // "other" is where the collector puts what no rule names; there is nothing to say of it while it is empty.
        return new Readings(
            [.. groups.Where(group => DemoServices.IsNamed(group.Name) || group.Packets > 0).OrderBy(group => DemoServices.PlaceOf(group.Name))],
            totals);
    }

    /// <summary>How many agents have introduced themselves. An agent does so after it has attached.</summary>
    internal async Task<int> CountAgentsAsync(CancellationToken cancellation) =>
        (await GetAsync<JsonElement[]>("/v1/agents", cancellation).ConfigureAwait(false)).Length;

    /// <summary>Has the collector finish what it still keeps open: no more packets will come.</summary>
    internal async Task FlushAsync(CancellationToken cancellation)
    {
        using HttpResponseMessage answer = await _http.PostAsync(new Uri("/v1/flush", UriKind.Relative), null, cancellation).ConfigureAwait(false);
        answer.EnsureSuccessStatusCode();
    }

    /// <summary>All announcements as they were sealed: with the analyzer's key, what opening a capture needs.</summary>
    internal Task<byte[]> ReadEnvelopesAsync(CancellationToken cancellation) =>
        _http.GetByteArrayAsync(new Uri("/v1/envelopes", UriKind.Relative), cancellation);

    /// <summary>What is public of all announcements.</summary>
    internal Task<byte[]> ReadAnnouncementsAsync(CancellationToken cancellation) =>
        _http.GetByteArrayAsync(new Uri("/v1/announcements/all", UriKind.Relative), cancellation);

    public void Dispose() => _http.Dispose();

    private async Task<bool> IsReadyAsync(CancellationToken cancellation)
    {
        try
        {
            using HttpResponseMessage answer = await _http.GetAsync(new Uri("/-/ready", UriKind.Relative), cancellation).ConfigureAwait(false);
            return answer.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false; // not listening yet
        }
    }

    private async Task<T> GetAsync<T>(string path, CancellationToken cancellation) =>
        await _http.GetFromJsonAsync<T>(new Uri(path, UriKind.Relative), cancellation).ConfigureAwait(false)
        ?? throw new JsonException($"The collector answered nothing to {path}.");
}
