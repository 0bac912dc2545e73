using System.Net;
using Pdm6.Registration.Contract;
using Pdm6.Registration.Tests.Storage;
using Pdm6.Security.Identity;

namespace Pdm6.Registration.Tests.Server;

/// <summary>Who is revoked is refused at once, and everybody hears of it.</summary>
public abstract class RevocationContract(IStoreKind kind)
{
    [Fact]
    public async Task Revocation_BesideRunningRegistrar_ReachesFeedsThatWaitAndRefusesTheRevoked()
    {
        await using TestRegistrar registrar = await kind.StartAsync();
        using TestParticipant host = await registrar.JoinAsync("host-a");
        using TestParticipant analyzer = await registrar.JoinAsync("collector", Role.Analyzer);
        long version = (await host.FeedAsync(0)).Version;
        Task<FeedPage> others = host.FeedAsync(version, waitSeconds: 60);
        Task<HttpResponseMessage> own = analyzer.Http.GetAsync(
            new Uri($"{RegistrarRoutes.Feed}?after={version}&waitSeconds=60", UriKind.Relative));

        // As the command line does it: its own connection to the store, nothing else.
        using (RegistrarOperator operatorBeside = RegistrarOperator.Open(registrar.Options))
            await operatorBeside.RevokeAsync("collector", RegistrarOperator.Operator, "lost");

        FeedPage page = await others.WaitAsync(TimeSpan.FromSeconds(10));
        Assert.Equal(analyzer.Key.Fingerprint.ToString(), Assert.Single(page.Revoked));
        Assert.True(page.AnalyzersChanged);
        await TestParticipant.RefusedAsync(await own.WaitAsync(TimeSpan.FromSeconds(10)), 403, ErrorCodes.Revoked);
    }

    [Fact]
    public async Task Revoked_OnAConnectionThatIsOpen_IsRefusedEverywhere()
    {
        await using TestRegistrar registrar = await kind.StartAsync();
        using TestParticipant host = await registrar.JoinAsync("host-a");
        (Security.Announcement announcement, _) = await host.AnnounceAsync("2001:db8:1::1");
        long version = (await host.FeedAsync(0)).Version;
        await registrar.Host.Operator.RevokeAsync(host.Key.Fingerprint.ToString(), RegistrarOperator.Operator, "");

        await RefusedAsync(host.Http.GetAsync(new Uri($"{RegistrarRoutes.Feed}?after={version}&waitSeconds=0", UriKind.Relative)));
        await RefusedAsync(host.Http.GetAsync(new Uri($"{RegistrarRoutes.Feed}?after={version + 1}&waitSeconds=60", UriKind.Relative)));
        await RefusedAsync(host.Http.GetAsync(new Uri(RegistrarRoutes.Analyzers, UriKind.Relative)));
        await RefusedAsync(host.Http.GetAsync(new Uri(RegistrarRoutes.Owners + "2001:db8:1::1", UriKind.Relative)));
        await RefusedAsync(host.SendAnnouncementAsync(host.Announce(host.Announcement("2001:db8:1::1"))));
        await RefusedAsync(host.SendGrantsAsync(host.Grant(announcement, "2001:db8:1::2", host)));
        await RefusedAsync(System.Net.Http.Json.HttpClientJsonExtensions.PutAsJsonAsync(
            host.Http, RegistrarRoutes.Keys, host.KeyBundle(), RegistrarJson.Default.SignedEnvelope));
        await RefusedAsync(System.Net.Http.Json.HttpClientJsonExtensions.PostAsJsonAsync(
            host.Http, RegistrarRoutes.Certificates, new RenewalRequest(host.Key.CreateRequest("host-a")), RegistrarJson.Default.RenewalRequest));
    }

    [Fact]
    public async Task Revocation_OfEndpoint_FreesItsAddressAndTakesItsAnnouncementsFromFeeds()
    {
        await using TestRegistrar registrar = await kind.StartAsync();
        using TestParticipant a = await registrar.JoinAsync("host-a"), b = await registrar.JoinAsync("host-b");
        using TestParticipant analyzer = await registrar.JoinAsync("collector", Role.Analyzer);
        await a.AnnounceAsync("2001:db8:1::1", analyzer);

        await registrar.Host.Operator.RevokeAsync("host-a", RegistrarOperator.Operator, "");
        FeedPage page = await analyzer.FeedAsync(0);
        await b.AnnounceAsync("2001:db8:1::1");

        Assert.Empty(page.Announcements);
        Assert.Equal(a.Key.Fingerprint.ToString(), Assert.Single(page.Revoked));
    }

    [Fact]
    public async Task Renewal_BySameKey_GivesNewCertificateOfSameRights()
    {
        await using TestRegistrar registrar = await kind.StartAsync();
        using TestParticipant host = await registrar.JoinAsync("host-a");
        ParticipantCertificate before = host.Certificate!;

        RenewalAnswer answer = await TestParticipant.ReadAsync(
            await System.Net.Http.Json.HttpClientJsonExtensions.PostAsJsonAsync(
                host.Http, RegistrarRoutes.Certificates, new RenewalRequest(host.Key.CreateRequest("other-name")), RegistrarJson.Default.RenewalRequest),
            HttpStatusCode.OK, RegistrarJson.Default.RenewalAnswer);
        host.Use(answer.Certificate);

        Assert.NotEqual(before.Hash, host.Certificate!.Hash);
        Assert.Equal((before.Name, before.Role, before.IdentityFingerprint), (host.Certificate.Name, host.Certificate.Role, host.Certificate.IdentityFingerprint));
        Assert.Equal(before.Prefixes, host.Certificate.Prefixes);
        await host.AnnounceAsync("2001:db8:1::1");
    }

    [Fact]
    public async Task Audit_OfAWholeLife_SaysWhoWasGivenWhatForWhichPrefixes()
    {
        await using TestRegistrar registrar = await kind.StartAsync();
        using TestParticipant host = await registrar.JoinAsync("host-a");
        await host.AnnounceAsync("2001:db8:1::1");
        await registrar.Host.Operator.RevokeAsync("host-a", "operator", "sold");

        IReadOnlyList<AuditEntry> audit = await registrar.Host.Operator.AuditAsync(0, 100, default);

        Assert.Equal(["token-created", "enrolled", "keys-put", "announced", "revoked"], audit.Select(entry => entry.Action));
        Assert.Equal(("host-a", host.Key.Fingerprint.ToString(), TestRegistrar.Prefix), (audit[1].Actor, audit[1].Subject, audit[1].Prefixes));
        Assert.Equal(("operator", "host-a: sold"), (audit[4].Actor, audit[4].Reason));
        Assert.DoesNotContain(audit, entry => entry.ToString().Contains("pdm6-token", StringComparison.Ordinal));
    }

    private static async Task RefusedAsync(Task<HttpResponseMessage> response) =>
        await TestParticipant.RefusedAsync(await response, 403, ErrorCodes.Revoked);
}
