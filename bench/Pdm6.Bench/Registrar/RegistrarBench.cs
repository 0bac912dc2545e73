using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Text;
using Pdm6.Lab;
using Pdm6.Registration;
using Pdm6.Registration.Contract;
using Pdm6.Security;
using Pdm6.Security.Announcements;
using Pdm6.Security.Identity;
using Pdm6.Wire;

namespace Pdm6.Bench;

/// <summary>Ten thousand endpoints against one registrar: enrolling, announcing all at once, and waiting for news.</summary>
internal static class RegistrarBench
{
    private const int Endpoints = 10_000;

    // A connection of TLS is some 90 KiB; half as much again is left to the collector of garbage.
    private const double MostMiB = 1_536;

    // Hosts that begin at a time. Clients and registrar share the processors: more would only wait for each other.
    private const int AtOnce = 64;

    public static void Run() => RunAsync().GetAwaiter().GetResult();

    private static async Task RunAsync()
    {
        await RunAsync("SQLite", null).ConfigureAwait(false);
        PostgresServer server = await PostgresServer.StartAsync(isDurable: true).ConfigureAwait(false);
        await using (server.ConfigureAwait(false))
            await RunAsync("PostgreSQL", server.CreateDatabase()).ConfigureAwait(false);
    }

    private static async Task RunAsync(string store, string? database)
    {
        Table table = new(
            $"{Endpoints:#,0} endpoints, {store}", "seconds", "a second", "p50, ms", "p99, ms", "longest, ms", "errors", "registrar, MiB");
        string directory = Directory.CreateTempSubdirectory("pdm6-bench-registrar-").FullName;
        RegistrarOptions options = new() { Data = directory, Database = database };
        using RegistrarOperator registrar = RegistrarOperator.Open(options);
        RegistrarServer server = await RegistrarServer.StartAsync(directory, database).ConfigureAwait(false);
        List<EndpointClient> endpoints = [];
        EndpointClient analyzer = new("analyzer", Role.Analyzer, default), victim = new("victim", Role.Endpoint, default);
        try
        {
            using HpkePrivateKey key = HpkePrivateKey.Generate(HpkeKem.DhkemP256HkdfSha256);
            await analyzer.EnrollAsync(server.Address, await TokenAsync(registrar, Role.Analyzer, 1).ConfigureAwait(false)).ConfigureAwait(false);
            await analyzer.ConnectAsync(server.Address).ConfigureAwait(false);
            await analyzer.PutKeysAsync(key.PublicKey).ConfigureAwait(false);
            string token = await TokenAsync(registrar, Role.Endpoint, Endpoints + 1).ConfigureAwait(false);
            await victim.EnrollAsync(server.Address, token).ConfigureAwait(false);
            for (int i = 0; i < Endpoints; i++)
                endpoints.Add(new EndpointClient($"host-{i}", Role.Endpoint, Address(i)));

            await MeasureAsync("enrolled: connected, certificate, closed", endpoint => endpoint.EnrollAsync(server.Address, token)).ConfigureAwait(false);
            Recipient recipient = new(key.PublicKey, HpkeKdf.HkdfSha256, HpkeAead.Aes256Gcm);
            endpoints.AsParallel().ForAll(endpoint => endpoint.Prepare(recipient));
            List<Task<(long Heard, long Announced)>> waiting = [];
            await MeasureAsync("connected with certificate and announced", async endpoint =>
            {
                await endpoint.ConnectAsync(server.Address).ConfigureAwait(false);
                await endpoint.AnnounceAsync().ConfigureAwait(false);
                lock (waiting)
                    waiting.Add(WaitAsync(endpoint));
            }).ConfigureAwait(false);
            await RequireAnnouncementsAsync(analyzer).ConfigureAwait(false);

            // As when an analyzer is revoked: all are told at once, and all begin a new context at once.
            await UntilAllWaitAsync(server.Address).ConfigureAwait(false);
            double resting = server.MemoryMiB("VmRSS");
            long began = Stopwatch.GetTimestamp();
            await registrar.RevokeAsync("victim", RegistrarOperator.Operator, "bench").ConfigureAwait(false);
            (long Heard, long Announced)[] times = await Task.WhenAll(waiting).ConfigureAwait(false);
            Add("heard of a revocation while waiting", [.. times.Select(time => Ms(time.Heard - began))], Ms(times.Max(time => time.Heard) - began), resting);
            Add(
                "announced a new context, all at once", [.. times.Select(time => Ms(time.Announced - time.Heard))],
                Ms(times.Max(time => time.Announced) - times.Min(time => time.Heard)), server.MemoryMiB("VmRSS"));
            await RequireAnnouncementsAsync(analyzer).ConfigureAwait(false);
            double highest = server.MemoryMiB("VmHWM");
            BenchException.Require(highest <= MostMiB, $"The registrar took {highest:#,0} MiB.");
            table.Print(
                $"registrar: TLS 1.3 on the loopback, clients on the same processors, every answer durable; the registrar's memory "
                + $"at its highest: {highest:#,0} MiB");
        }
        finally
        {
            foreach (EndpointClient client in endpoints.Append(analyzer).Append(victim))
                await client.DisposeAsync().ConfigureAwait(false);
            await server.DisposeAsync().ConfigureAwait(false);
            Directory.Delete(directory, recursive: true);
        }

        async Task MeasureAsync(string what, Func<EndpointClient, Task> work)
        {
            using SemaphoreSlim free = new(AtOnce);
            long began = Stopwatch.GetTimestamp();
            double[] latencies = await Task.WhenAll(endpoints.Select(async endpoint =>
            {
                await free.WaitAsync().ConfigureAwait(false);
                long from = Stopwatch.GetTimestamp();
                await Task.Run(() => work(endpoint)).ConfigureAwait(false);
                long until = Stopwatch.GetTimestamp();
                free.Release();
                return Ms(until - from);
            })).ConfigureAwait(false);
            Add(what, latencies, Ms(Stopwatch.GetTimestamp() - began), server.MemoryMiB("VmRSS"));
        }

        // Anything but the good answer has thrown before this.
        void Add(string what, double[] latencies, double totalMs, double memory)
        {
            Array.Sort(latencies);
            table.Add(
                what, Table.Number(totalMs / 1000), Table.Number(Endpoints / totalMs * 1000), Table.Number(latencies[Endpoints / 2]),
                Table.Number(latencies[Endpoints * 99 / 100]), Table.Number(latencies[^1]), "0", Table.Number(memory));
        }
    }

    /// <summary>Waits for news until the revocation comes, then announces the second context.</summary>
    private static async Task<(long Heard, long Announced)> WaitAsync(EndpointClient endpoint)
    {
        FeedPage page = await endpoint.FeedAsync(0, RegistrarLimits.LongestWaitSeconds).ConfigureAwait(false);
        while (page.Revoked.Count == 0)
            page = await endpoint.FeedAsync(page.Version, RegistrarLimits.LongestWaitSeconds).ConfigureAwait(false);
        long heard = Stopwatch.GetTimestamp();
        await endpoint.AnnounceAsync().ConfigureAwait(false);
        return (heard, Stopwatch.GetTimestamp());
    }

    private static async Task RequireAnnouncementsAsync(EndpointClient analyzer)
    {
        FeedPage page = await analyzer.FeedAsync(analyzer.Version, 0).ConfigureAwait(false);
        long count = page.Announcements.Count;
        while (page.More)
        {
            page = await analyzer.FeedAsync(page.Version, 0).ConfigureAwait(false);
            count += page.Announcements.Count;
        }
        analyzer.Version = page.Version;
        BenchException.Require(count == Endpoints, $"The analyzer's feed holds {count} announcements.");
    }

    private static async Task UntilAllWaitAsync(IPEndPoint registrar)
    {
        HttpConnection connection = await HttpConnection.OpenAsync(registrar, null).ConfigureAwait(false);
        await using (connection.ConfigureAwait(false))
            for (Stopwatch patience = Stopwatch.StartNew(); ; await Task.Delay(100).ConfigureAwait(false))
            {
                (_, byte[] metrics) = await connection.AskAsync("GET", "/metrics", []).ConfigureAwait(false);
                string line = Encoding.UTF8.GetString(metrics).Split('\n').Single(line => line.StartsWith("pdm6_registrar_feeds_waiting ", StringComparison.Ordinal));
                // Some are always between one wait and the next.
                if (int.Parse(line.Split(' ')[1], CultureInfo.InvariantCulture) >= Endpoints * 99 / 100)
                    return;
                BenchException.Require(patience.Elapsed < TimeSpan.FromMinutes(3), $"Not all feeds wait: {line}.");
            }
    }

    private static async Task<string> TokenAsync(RegistrarOperator registrar, Role role, int uses) =>
        (await registrar.CreateTokenAsync(new TokenRequest
        {
            Role = role,
            Prefixes = role == Role.Endpoint ? [new Ipv6Prefix(Ipv6Address.Parse("2001:db8::"), 32)] : [],
            Uses = uses,
        }).ConfigureAwait(false)).ToText();

    private static Ipv6Address Address(int endpoint) => new(Ipv6Address.Parse("2001:db8::1").Value + (UInt128)endpoint);

    private static double Ms(long stamps) => stamps * 1000.0 / Stopwatch.Frequency;
}
