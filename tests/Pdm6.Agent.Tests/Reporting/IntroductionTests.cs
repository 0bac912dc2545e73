using Microsoft.AspNetCore.Http;
using Pdm6.Agent.Reporting;
using Pdm6.Agent.Tests.Support;
using Pdm6.Datapath;
using Pdm6.Export;
using Pdm6.Security;
using Pdm6.Wire;

namespace Pdm6.Agent.Tests.Reporting;

/// <summary>A collector that has forgotten an incarnation and refuses to know it again.</summary>
public sealed class IntroductionTests : IAsyncLifetime, IDisposable
{
    private static readonly byte[] s_keyFile = new byte[32];
    private readonly LabIdentity _identity = LabIdentity.ForAgent(s_keyFile);
    private readonly CollectorLink _link = new(_ => { });
    private readonly Announcement _expired = TestAnnouncements.Make(1, "2001:db8::a"), _current = TestAnnouncements.Make(2, "2001:db8::a");
    private readonly CancellationTokenSource _stop = new(TimeSpan.FromSeconds(30));
    private TestCollector _collector = null!; // InitializeAsync
    private CollectorClient _client = null!;
    private Introduction _introduction = null!;
    private Task _introducing = null!;

    public async Task InitializeAsync()
    {
        _collector = await TestCollector.StartAsync(s_keyFile);
        string refused = ExportRoutes.Agents + _expired.IncarnationId;
        _collector.Instead = request => request.Path == refused ? Results.StatusCode(400) : null;
        _client = new CollectorClient(_collector.Address, _identity);
        _introduction = new Introduction("a", [], _client, _link);
        _introduction.Add(_expired);
        _introduction.Add(_current);
        _introducing = _introduction.RunAsync(_stop.Token);
    }

    public async Task DisposeAsync()
    {
        await _stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _introducing);
        await _collector.DisposeAsync();
    }

    public void Dispose()
    {
        _client.Dispose();
        _identity.Dispose();
        _stop.Dispose();
    }

    [Fact]
    public async Task ObservationExporter_IncarnationThatIsRefused_IsDiscardedAndWhatIsBehindArrives()
    {
        ObservationSpool spool = new(10);
        spool.Add(Batch(_expired.IncarnationId, 3));
        spool.Add(Batch(_current.IncarnationId, 2));
        spool.Complete();
        ObservationExporter exporter = new(spool, _client, _link, _introduction);

        await exporter.RunAsync(_stop.Token);

        Assert.Equal((2, 3, 0), (exporter.Sent, spool.Lost, spool.Waiting));
        Assert.All(_collector.Observations, entry => Assert.Equal(_current.IncarnationId, entry.Observer));
    }

    [Fact]
    public async Task CounterExporter_IncarnationThatIsRefused_IsGivenUpAndWhatIsBehindArrives()
    {
        Func<HttpRequest, IResult?> refusal = _collector.Instead;
        int reports = 0;
        // As a collector does that knows only the newer incarnation, until it takes the first report.
        _collector.Instead = request =>
            refusal(request) ?? (request.Path == ExportRoutes.Counters && Interlocked.Increment(ref reports) <= 1 ? Results.NotFound() : null);
        while (_introduction.Holds(_expired.IncarnationId))
            await Task.Delay(5, _stop.Token);
        CounterBook book = new([], _expired.IncarnationId, new DatapathCounters([], [], 0, 0));
        CounterExporter exporter = new(book, _client, _link, _introduction);
        exporter.Offer(Report(_expired.IncarnationId));
        exporter.Offer(Report(_current.IncarnationId));

        Assert.True(await exporter.FlushAsync(_stop.Token));

        Assert.Equal([_current.IncarnationId], _collector.Reports.Keys);
    }

    [Fact]
    public async Task Holds_NewestThatIsRefused_StaysAndIsToldAgain()
    {
        int refusals = 0;
        Announcement newest = TestAnnouncements.Make(3, "2001:db8::a");
        string path = ExportRoutes.Agents + newest.IncarnationId;
        _collector.Instead = request => request.Path == path && Interlocked.Increment(ref refusals) <= 2 ? Results.StatusCode(400) : null;

        _introduction.Add(newest);

        while (!_collector.Agents.ContainsKey(newest.IncarnationId))
            await Task.Delay(5, _stop.Token);
        Assert.True(_introduction.Holds(newest.IncarnationId));
        Assert.Equal(3, refusals);
    }

    private static CounterReport Report(IncarnationId incarnation) =>
        new(incarnation, 1, [], new Dictionary<string, long>(), [], new Dictionary<string, long>(), 0, 0);

    private static Batch Batch(IncarnationId incarnation, int count)
    {
        byte[] octets = new byte[ObservationBatch.SizeOf(count)];
        ObservationBatch.Write(octets, incarnation, 0, new Observation[count]);
        return new Batch(incarnation, octets, count);
    }
}
