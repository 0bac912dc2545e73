using System.Net.Http.Json;
using Pdm6.Collector.Api;
using Pdm6.Export;
using Pdm6.Security;
using Pdm6.Wire;

namespace Pdm6.Collector.Tests;

/// <summary>A collector on real loopback ports with a real SQLite file, and two hosts that talk to each other.</summary>
internal sealed class Laboratory : IAsyncDisposable
{
    public const ulong Millisecond = 1_000_000;

    private readonly string _directory = Directory.CreateTempSubdirectory("pdm6-collector-").FullName;
    private CollectorHost _collector = null!;
    private uint _nextPsntp = 1000;
    private int _ingestPort;

    private Laboratory()
    {
    }

    public KeyFile Key { get; private set; } = null!;
    public HttpClient Web { get; private set; } = null!;
    public SimulatedHost Client { get; private set; } = null!;
    public SimulatedHost Server { get; private set; } = null!;
    public string StorePath => Path.Combine(_directory, "collector.db");
    public string KeyPath => Path.Combine(_directory, "lab.key");
    public Uri Ingest => new($"https://{_collector.IngestAddress}");

    /// <param name="contextAgeSeconds">How long ago the hosts' first epoch began; packets cannot be older.</param>
    /// <param name="rules">Names of the hosts' rules.</param>
    public static async Task<Laboratory> StartAsync(uint contextAgeSeconds = 100, params string[] rules)
    {
        Laboratory laboratory = new();
        KeyFile.Create(laboratory.KeyPath);
        laboratory.Key = KeyFile.Load(laboratory.KeyPath);
        await laboratory.StartCollectorAsync();
        rules = rules.Length > 0 ? rules : ["dns", "http"];
        laboratory.Client = new SimulatedHost("client", "fd00::1", laboratory.Key, laboratory.Ingest, contextAgeSeconds, rules);
        laboratory.Server = new SimulatedHost("server", "fd00::2", laboratory.Key, laboratory.Ingest, contextAgeSeconds, rules);
        return laboratory;
    }

    /// <summary>Stops the collector as SIGTERM does and starts another one on the same store.</summary>
    public async Task RestartAsync()
    {
        await _collector.DisposeAsync();
        Web.Dispose();
        await StartCollectorAsync();
    }

    /// <summary>One request and one answer, both delivered; every host observes what it receives.</summary>
    public void Exchange(
        ushort clientPort, ulong atUnixNs, ulong oneWayNs, ulong serverNs, ushort rule = 0, Func<byte[], byte[]>? onTheWay = null)
    {
        FlowKey toServer = new(Client.Address, Server.Address, NextHeader.Udp, clientPort, 53);
        Assert.True(toServer.TryReverse(out FlowKey toClient));
        uint request = _nextPsntp++, answer = _nextPsntp++;
        string name = Client.Rules[rule];

        byte[] option = Client.Seal(toServer, request, default, atUnixNs);
        Client.CountSent(Server.Address, name, atUnixNs);
        ulong arrived = atUnixNs + oneWayNs;
        Server.Observed.Add(Observe(toServer, onTheWay?.Invoke(option) ?? option, arrived, rule));

        ulong answered = arrived + serverNs;
        byte[] reply = Server.Seal(
            toClient, answer, new PdmMetrics(request, 1, PdmTime.FromNanoseconds(serverNs), default), answered);
        Server.CountSent(Client.Address, name, answered);
        ulong received = answered + oneWayNs;
        Client.Observed.Add(Observe(toClient, reply, received, rule) with
        {
            HasSent = true, LastSentPsntp = request, SinceSentNs = received - atUnixNs,
        });
    }

    /// <summary>A packet of the client that never arrives.</summary>
    public void SendIntoTheVoid(ulong atUnixNs, string rule = "dns") => Client.CountSent(Server.Address, rule, atUnixNs);

    public async Task PutBothAsync()
    {
        AssertTaken(await Client.PutAsync());
        AssertTaken(await Server.PutAsync());
    }

    /// <summary>Both hosts send what they observed and what they counted, and the collector brings it to an end.</summary>
    public async Task DeliverAsync()
    {
        await Server.SendObservedAsync();
        await Client.SendObservedAsync();
        AssertTaken(await Client.Client.PostCountersAsync(Client.Report(), CancellationToken.None));
        AssertTaken(await Server.Client.PostCountersAsync(Server.Report(), CancellationToken.None));
        await FlushAsync();
    }

    public static void AssertTaken(CollectorReply reply) => Assert.True(reply.IsAccepted, reply.Reason);

    public static async Task UntilAsync(Func<Task<bool>> condition)
    {
        using CancellationTokenSource deadline = new(TimeSpan.FromSeconds(30));
        while (!await condition())
            await Task.Delay(50, deadline.Token);
    }

    public async Task FlushAsync() => (await Web.PostAsync("/v1/flush", null)).EnsureSuccessStatusCode();

    public async Task<IReadOnlyList<GroupView>> GroupsAsync(string query = "") =>
        (await Web.GetFromJsonAsync("/v1/groups" + query, ApiJson.Default.IReadOnlyListGroupView))!;

    public async Task<GroupView> GroupAsync(string name, string query = "") =>
        (await GroupsAsync(query)).Single(group => group.Name == name);

    public async Task<TotalsView> TotalsAsync() => (await Web.GetFromJsonAsync("/v1/totals", ApiJson.Default.TotalsView))!;

    public async Task<IReadOnlyList<T>> ListAsync<T>(
        string path, System.Text.Json.Serialization.Metadata.JsonTypeInfo<IReadOnlyList<T>> type) =>
        (await Web.GetFromJsonAsync(path, type))!;

    /// <summary>Copies the store's files as a killed process would leave them.</summary>
    public string CopyStoreAsIfKilled()
    {
        string copy = Path.Combine(Directory.CreateDirectory(Path.Combine(_directory, "killed")).FullName, "collector.db");
        foreach (string suffix in new[] { "", "-wal" })
            File.Copy(StorePath + suffix, copy + suffix);
        return copy;
    }

    public async ValueTask DisposeAsync()
    {
        Client?.Dispose();
        Server?.Dispose();
        Web.Dispose();
        await _collector.DisposeAsync();
        Key.Dispose();
        Directory.Delete(_directory, recursive: true);
    }

    private static Observation Observe(in FlowKey flow, byte[] option, ulong atUnixNs, ushort rule) => new(
        flow, atUnixNs, ObservationVerdict.Accepted, rule, HopLimit: 63, PayloadLength: 100, TcpFlags: 0, TcpSequence: 0,
        UpperChecksum: 0x1234, HasSent: false, LastSentPsntp: 0, SinceSentNs: 0, (byte)option.Length, OptionBytes.From(option));

    private async Task StartCollectorAsync()
    {
        System.Net.IPEndPoint anyPort = new(System.Net.IPAddress.IPv6Loopback, _ingestPort);
        _collector = await CollectorHost.StartAsync(
            new CollectorOptions
            {
                KeyFile = KeyPath, Ingest = anyPort, Web = new(System.Net.IPAddress.IPv6Loopback, 0), Store = StorePath,
            },
            CancellationToken.None);
        _ingestPort = _collector.IngestAddress.Port;
        Web = new HttpClient { BaseAddress = new Uri($"http://{_collector.WebAddress}") };
    }
}
