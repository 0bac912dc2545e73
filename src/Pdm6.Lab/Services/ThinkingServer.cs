using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;

namespace Pdm6.Lab;

/// <summary>
/// An HTTP server whose answers are known beforehand, with a port for each kind of work, so that rules by port tell the
/// services apart: <c>/small</c> answers at once, <c>/slow</c> thinks before it answers, <c>/download/N</c> sends N octets
/// whose SHA-256 is in a header. Every path works on every port.
/// </summary>
public sealed class ThinkingServer : IAsyncDisposable
{
    /// <summary>Port for small requests.</summary>
    public const int SmallPort = 8080;
    /// <summary>Port for requests that need thought.</summary>
    public const int SlowPort = 8081;
    /// <summary>Port for downloads.</summary>
    public const int DownloadPort = 8082;
    /// <summary>Header with the body's SHA-256, lower-case hexadecimal.</summary>
    public const string HashHeader = "X-Body-Sha256";
    /// <summary>Body of <c>/slow</c>.</summary>
    public const string SlowBody = "I have thought about it.\n";

    /// <summary>How long <c>/slow</c> thinks.</summary>
    public static readonly TimeSpan ThinkingTime = TimeSpan.FromMilliseconds(50);

    /// <summary>The largest body that <c>/download</c> makes.</summary>
    public const long LargestDownload = 1L << 30;

    private const int ChunkSize = 64 * 1024;
    private readonly WebApplication _application;

    private ThinkingServer(WebApplication application) => _application = application;

    /// <summary>Body of <c>/small</c>: a few hundred octets.</summary>
    public static string SmallBody { get; } = string.Concat(Enumerable.Range(1, 10).Select(n => $"line {n:00} of a small answer\n"));

    /// <summary>Starts listening on <paramref name="address"/>; port 0 asks for any free port.</summary>
    /// <exception cref="LaboratoryException">A port is taken or the address is not of this host.</exception>
    public static async Task<ThinkingServer> StartAsync(IPAddress address, IReadOnlyCollection<int> ports)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(options =>
        {
            options.AddServerHeader = false;
            foreach (int port in ports)
                options.Listen(address, port);
        });
        WebApplication application = builder.Build();
        application.MapGet("/small", () => Results.Text(SmallBody));
        application.MapGet("/slow", Think);
        ConcurrentDictionary<long, string> hashes = new();
        application.MapGet("/download/{octets:long}", (long octets, HttpResponse response, CancellationToken aborted) =>
            DownloadAsync(octets, hashes, response, aborted));
        try
        {
            await application.StartAsync().ConfigureAwait(false);
            return new ThinkingServer(application);
        }
        catch (Exception e) when (e is IOException or SocketException)
        {
            await application.DisposeAsync().ConfigureAwait(false);
            throw new LaboratoryException($"The HTTP server cannot listen on {address}: {e.Message}", e);
        }
    }

    /// <summary>The ports it listens on, in the order asked for.</summary>
    public IReadOnlyList<int> Ports => [.. _application.Urls.Select(url => new Uri(url).Port)];

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _application.DisposeAsync();

    /// <summary>The SHA-256 that <see cref="HashHeader"/> announces for a download.</summary>
    public static string HashOf(long octets)
    {
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        byte[] chunk = new byte[ChunkSize];
        for (long offset = 0; offset < octets; offset += ChunkSize)
        {
            Span<byte> part = chunk.AsSpan(0, (int)Math.Min(ChunkSize, octets - offset));
            ReproducibleBody.Fill(part, offset);
            hash.AppendData(part);
        }
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private static IResult Think()
    {
        // A sleeping thread wakes within 0.1 ms; the runtime's timers are some milliseconds late when there is much to do.
        Thread.Sleep(ThinkingTime);
        return Results.Text(SlowBody);
    }

    private static async Task DownloadAsync(
        long octets, ConcurrentDictionary<long, string> hashes, HttpResponse response, CancellationToken aborted)
    {
        if (octets is < 0 or > LargestDownload)
        {
            response.StatusCode = StatusCodes.Status400BadRequest;
            return;
        }
        response.ContentType = "application/octet-stream";
        response.ContentLength = octets;
        response.Headers[HashHeader] = hashes.GetOrAdd(octets, HashOf);
        for (long offset = 0; offset < octets; offset += ChunkSize)
        {
            int part = (int)Math.Min(ChunkSize, octets - offset);
            ReproducibleBody.Fill(response.BodyWriter.GetSpan(part)[..part], offset);
            response.BodyWriter.Advance(part);
            await response.BodyWriter.FlushAsync(aborted).ConfigureAwait(false);
        }
    }
}
