using System.Buffers;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Pdm6.Collector.Ingest;
using Pdm6.Collector.Probes;
using Pdm6.Collector.Secrets;
using Pdm6.Collector.Storage;
using Pdm6.Collector.Windows;
using Pdm6.Export;
using Pdm6.Security;
using Pdm6.Wire;

namespace Pdm6.Collector.Tests;

/// <summary>The step from the listener to the pipeline: what is taken there is known and counted here.</summary>
public sealed class HandOverTests : IDisposable
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("pdm6-handover-");
    private readonly KeyFile _key;

    private string KeyPath => Path.Combine(_directory.FullName, "lab.key");

    public HandOverTests()
    {
        KeyFile.Create(KeyPath);
        _key = KeyFile.Load(KeyPath);
    }

    public void Dispose()
    {
        _key.Dispose();
        _directory.Delete(recursive: true);
    }

    [Fact]
    public async Task Listener_PipelineRefusesTheDescription_DoesNotTakeObservations()
    {
        AgentRegistry registry = new(TimeProvider.System);
        IngestQueue queue = new();
        queue.Close(); // refuses at once, as a full one does after some seconds
        await using KeyFileSecrets secrets = KeyFileSecrets.Open(KeyPath);
        await using WebApplication listener = IngestServer.Create(
            new IPEndPoint(IPAddress.IPv6Loopback, 0), secrets, new LiveConnections(secrets.Peers, TimeProvider.System),
            new IngestEndpoints(secrets, registry, queue, new ProbeGate(TimeSpan.FromDays(1), TimeProvider.System), new IngestCounters()));
        await listener.StartAsync();
        Uri address = new(listener.Services.GetRequiredService<IServer>()
            .Features.GetRequiredFeature<IServerAddressesFeature>().Addresses.Single());
        using SimulatedHost host = new("client", "fd00::1", _key, address, contextAgeSeconds: 10, ["dns"]);
        byte[] batch = new byte[ObservationBatch.SizeOf(0)];
        ObservationBatch.Write(batch, host.Incarnation, 0, []);

        Assert.Equal(CollectorOutcome.Busy, (await host.PutAsync()).Outcome);

        Assert.Equal(
            CollectorOutcome.UnknownAgent, (await host.Client.PostObservationsAsync(batch, CancellationToken.None)).Outcome);
        Assert.Empty(registry.Page().Announcements);
    }

    [Fact]
    public async Task Pipeline_BatchOfAForgottenAgent_IsCounted()
    {
        using Store store = Store.Open(Path.Combine(_directory.FullName, "collector.db"), TimeSpan.FromDays(1));
        StoreWriter writer = new(store, TimeProvider.System, NullLogger.Instance);
        IngestQueue queue = new();
        await using KeyFileSecrets secrets = KeyFileSecrets.Open(KeyPath);
        using CollectorPipeline pipeline = new(secrets, TimeSpan.FromDays(1), queue, writer, TimeProvider.System);
        Assert.True(await queue.TryAddAsync(
            new IngestMessage.Batch(IncarnationId.NewRandom(), 0, ArrayPool<Observation>.Shared.Rent(3), 3),
            TimeSpan.Zero, CancellationToken.None));
        queue.Close();

        await pipeline.RunAsync(CancellationToken.None);

        Assert.Equal(3, writer.Published.Counters[RunCounter.UnknownAgentObservations]);
        Assert.Equal(0, writer.Published.Counters[RunCounter.Observations]);
    }
}
