using Pdm6.Lab;
using Pdm6.Registration;
using Pdm6.Registration.Contract;
using Pdm6.Registration.Tests.Server;
using Pdm6.Security;
using Pdm6.Security.Announcements;
using Pdm6.Security.Identity;
using Pdm6.Wire;

namespace Pdm6.Cli.Tests.Registration;

/// <summary>A registrar that is killed again and again: what it acknowledged is there, and nothing is half there.</summary>
public sealed class RegistrarCrashTests
{
    private const int Endpoints = 200;

    // After so many acknowledgements, of two for each endpoint.
    private static readonly int[] _kills = [30, 90, 170, 260, 340];

    [Fact]
    public async Task Registrar_KilledDuringEnrolmentsAndAnnouncements_LosesNothingAcknowledgedOnSqlite() => await RunAsync(null);

    [Fact]
    public async Task Registrar_KilledDuringEnrolmentsAndAnnouncements_LosesNothingAcknowledgedOnPostgres()
    {
        await using PostgresServer server = await PostgresServer.StartAsync(isDurable: true);
        await RunAsync(server.CreateDatabase());
    }

    private static async Task RunAsync(string? database)
    {
        using TemporaryDirectory directory = new();
        RegistrarOptions options = new() { Data = Path.Combine(directory.Path, "data"), Database = database };
        using RegistrarOperator registrar = RegistrarOperator.Open(options);
        string token = await TokenAsync(registrar, Role.Endpoint, Endpoints);
        RegistrarProcess process = await RegistrarProcess.StartAsync(options.Data, database, 0);
        List<StubbornParticipant> hosts = [];
        try
        {
            using TestParticipant analyzer = new(process.Url, "collector", Role.Analyzer);
            await analyzer.EnrollAsync(await TokenAsync(registrar, Role.Analyzer, 1));
            await analyzer.PutKeysAsync();

            int acknowledged = 0;
            for (int i = 0; i < Endpoints; i++)
                hosts.Add(new StubbornParticipant(
                    process.Url, $"host-{i}", $"2001:db8:1::{i + 1:x}", () => Interlocked.Increment(ref acknowledged)));
            Task all = Task.WhenAll(hosts.Select(host => host.LiveAsync(token, analyzer.Recipient)));
            foreach (int kill in _kills)
            {
                while (Volatile.Read(ref acknowledged) < kill && !all.IsCompleted)
                    await Task.Delay(1);
                Assert.False(all.IsFaulted, all.Exception?.ToString());
                await process.DisposeAsync();
                process = await RegistrarProcess.StartAsync(options.Data, database, process.Url.Port);
            }
            await all;
            // Once more when all is quiet, so that what follows is read from what is durable.
            await process.DisposeAsync();
            process = await RegistrarProcess.StartAsync(options.Data, database, process.Url.Port);

            await RequireParticipantsAsync(registrar, hosts, token);
            await RequireAnnouncementsAsync(analyzer, hosts);
            Assert.Equal(0, await process.StopAsync());
        }
        finally
        {
            await process.DisposeAsync();
            hosts.ForEach(host => host.Dispose());
        }
    }

    private static async Task RequireParticipantsAsync(RegistrarOperator registrar, List<StubbornParticipant> hosts, string token)
    {
        foreach (StubbornParticipant host in hosts)
            Assert.Equal(host.Certificate, (await host.AskAgainAsync(token)).Certificate);
        IReadOnlyList<ParticipantDescription> participants = await registrar.ParticipantsAsync(default);
        Assert.Equal(Endpoints + 1, participants.Count);
        Assert.All(participants, participant => Assert.Equal("active", participant.State));
        Assert.Contains(await registrar.TokensAsync(default), used => used.Used == Endpoints && used.Uses == Endpoints);
        IReadOnlyList<AuditEntry> audit = await registrar.AuditAsync(0, 10_000, default);
        Assert.Equal(Endpoints + 1, audit.Count(entry => entry.Action == "enrolled"));
        Assert.Equal(Endpoints, audit.Count(entry => entry.Action == "announced"));
    }

    private static async Task RequireAnnouncementsAsync(TestParticipant analyzer, List<StubbornParticipant> hosts)
    {
        Dictionary<ContextId, SealedAnnouncement> relayed = [];
        FeedPage page;
        long after = 0;
        do
        {
            page = await analyzer.FeedAsync(after);
            after = page.Version;
            foreach (SignedEnvelope envelope in page.Announcements)
            {
                Assert.True(SealedAnnouncement.TryParse(envelope.Body, out SealedAnnouncement? read, out string? error), error);
                relayed.Add(read.Announcement.ContextId, read);
            }
        }
        while (page.More);
        Assert.Equal(Endpoints, relayed.Count);
        Assert.Equal(hosts.Max(host => host.Version), after);
        Assert.Equal(Endpoints, hosts.Select(host => host.Version).Distinct().Count());
        foreach (StubbornParticipant host in hosts)
        {
            Assert.Equal(Ipv6Address.Parse(host.Address), Assert.Single(relayed[host.Context].Announcement.Addresses));
            ParticipantKeys owner = await TestParticipant.ReadAsync(
                await analyzer.Http.GetAsync(new Uri(RegistrarRoutes.Owners + host.Address, UriKind.Relative)),
                System.Net.HttpStatusCode.OK, RegistrarJson.Default.ParticipantKeys);
            Assert.Equal(host.Certificate, owner.Certificate);
        }
    }

    private static async Task<string> TokenAsync(RegistrarOperator registrar, Role role, int uses)
    {
        Assert.True(Ipv6Prefix.TryParse("2001:db8:1::/48", out Ipv6Prefix prefix));
        return (await registrar.CreateTokenAsync(new TokenRequest
        {
            Role = role, Prefixes = role == Role.Endpoint ? [prefix] : [], Uses = uses,
        })).ToText();
    }
}
