using System.Net;
using Pdm6.Registration.Contract;
using Pdm6.Registration.Tests.Storage;
using Pdm6.Security;
using Pdm6.Security.Announcements;
using Pdm6.Security.Identity;

namespace Pdm6.Registration.Tests.Server;

/// <summary>Announcements and grants: taken from whom they may come from, carried to those they name.</summary>
public abstract class RelayContract(IStoreKind kind)
{
    [Fact]
    public async Task Announcement_ToAnalyzer_ComesWithItsFeedAndOpens()
    {
        await using TestRegistrar registrar = await kind.StartAsync();
        using TestParticipant host = await registrar.JoinAsync("host-a");
        using TestParticipant analyzer = await registrar.JoinAsync("collector", Role.Analyzer);
        using TestParticipant unnamed = await registrar.JoinAsync("other", Role.Analyzer);
        (Announcement announcement, long version) = await host.AnnounceAsync("2001:db8:1::1", analyzer);

        FeedPage page = await analyzer.FeedAsync(0);

        SignedEnvelope envelope = Assert.Single(page.Announcements);
        Assert.True(SealedAnnouncement.TryParse(envelope.Body, out SealedAnnouncement? read, out _));
        Assert.Equal(announcement.ContextId, read.Announcement.ContextId);
        Assert.True(read.TryOpen(analyzer.Hpke, host.Certificate!.Hash, new byte[32]));
        Assert.Equal(version, page.Version);
        Assert.Empty((await analyzer.FeedAsync(version)).Announcements);
        Assert.Empty((await unnamed.FeedAsync(0)).Announcements);
    }

    [Fact]
    public async Task Feed_ThatWaits_AnswersWhenAnnouncementComes()
    {
        await using TestRegistrar registrar = await kind.StartAsync();
        using TestParticipant host = await registrar.JoinAsync("host-a");
        using TestParticipant analyzer = await registrar.JoinAsync("collector", Role.Analyzer);
        long version = (await analyzer.FeedAsync(0)).Version;

        Task<FeedPage> waiting = analyzer.FeedAsync(version, waitSeconds: 60);
        await host.AnnounceAsync("2001:db8:1::1", analyzer);

        Assert.Single((await waiting.WaitAsync(TimeSpan.FromSeconds(50))).Announcements);
    }

    [Fact]
    public async Task Feed_WithoutNews_AnswersAfterItsTime()
    {
        await using TestRegistrar registrar = await kind.StartAsync();
        using TestParticipant host = await registrar.JoinAsync("host-a");
        long version = (await host.FeedAsync(0)).Version;

        FeedPage page = await host.FeedAsync(version, waitSeconds: 1);

        Assert.Equal((version, false, false), (page.Version, page.More, page.AnalyzersChanged));
    }

    [Fact]
    public async Task Grant_ToDestination_ComesWithTheAnnouncementOfItsContext()
    {
        await using TestRegistrar registrar = await kind.StartAsync();
        using TestParticipant a = await registrar.JoinAsync("host-a"), b = await registrar.JoinAsync("host-b"), c = await registrar.JoinAsync("host-c");
        (Announcement announcement, _) = await a.AnnounceAsync("2001:db8:1::1");
        await b.AnnounceAsync("2001:db8:1::2");

        ParticipantKeys owner = await TestParticipant.ReadAsync(
            await a.Http.GetAsync(new Uri(RegistrarRoutes.Owners + "2001:db8:1::2", UriKind.Relative)),
            HttpStatusCode.OK, RegistrarJson.Default.ParticipantKeys);
        VersionAnswer answer = await TestParticipant.ReadAsync(
            await a.SendGrantsAsync(a.Grant(announcement, "2001:db8:1::2", b)), HttpStatusCode.OK, RegistrarJson.Default.VersionAnswer);
        FeedPage page = await b.FeedAsync(0), third = await c.FeedAsync(0);

        Assert.Equal(b.Certificate!.Der.ToArray(), owner.Certificate);
        Assert.NotNull(owner.KeyBundle);
        Assert.True(SealedGrant.TryParse(Assert.Single(page.Grants).Body, out SealedGrant? grant, out _));
        Assert.True(grant.TryOpen(b.Hpke, a.Certificate!.Hash, new byte[32]));
        Assert.True(SealedAnnouncement.TryParse(Assert.Single(page.Announcements).Body, out SealedAnnouncement? read, out _));
        Assert.Equal(announcement.ContextId, read.Announcement.ContextId);
        Assert.Equal(answer.Version, page.Version);
        Assert.Empty(third.Grants);
        Assert.Empty(third.Announcements);
        Assert.Empty((await b.FeedAsync(page.Version)).Announcements);
    }

    [Fact]
    public async Task Grant_OfContextOfAnother_IsRefused()
    {
        await using TestRegistrar registrar = await kind.StartAsync();
        using TestParticipant a = await registrar.JoinAsync("host-a"), b = await registrar.JoinAsync("host-b");
        (Announcement announcement, _) = await a.AnnounceAsync("2001:db8:1::1");

        await TestParticipant.RefusedAsync(
            await b.SendGrantsAsync(b.Grant(announcement, "2001:db8:1::2", a)), 409, ErrorCodes.ContextUnknown);
    }

    [Fact]
    public async Task Grant_ToKeyOfNobody_IsRefusedAndNoneOfItsListKept()
    {
        await using TestRegistrar registrar = await kind.StartAsync();
        using TestParticipant a = await registrar.JoinAsync("host-a"), b = await registrar.JoinAsync("host-b");
        using TestParticipant stranger = new(registrar.Url, "stranger", Role.Endpoint);
        (Announcement announcement, _) = await a.AnnounceAsync("2001:db8:1::1");

        await TestParticipant.RefusedAsync(
            await a.SendGrantsAsync(a.Grant(announcement, "2001:db8:1::2", b), a.Grant(announcement, "2001:db8:1::3", stranger)),
            409, ErrorCodes.RecipientUnknown);

        Assert.Empty((await b.FeedAsync(0)).Grants);
    }

    [Fact]
    public async Task Announcement_OfAddressOutsideCertificate_IsRefused()
    {
        await using TestRegistrar registrar = await kind.StartAsync();
        using TestParticipant host = await registrar.JoinAsync("host-a");

        await TestParticipant.RefusedAsync(
            await host.SendAnnouncementAsync(host.Announce(host.Announcement("2001:db8:2::1"))), 403, ErrorCodes.PrefixNotAllowed);
    }

    [Fact]
    public async Task Announcement_OfAddressLiveAtAnother_IsRefusedUnlessShared()
    {
        await using TestRegistrar registrar = await kind.StartAsync();
        using TestParticipant a = await registrar.JoinAsync("host-a"), b = await registrar.JoinAsync("host-b");
        await a.AnnounceAsync("2001:db8:1::1");

        await TestParticipant.RefusedAsync(
            await b.SendAnnouncementAsync(b.Announce(b.Announcement("2001:db8:1::1"))), 409, ErrorCodes.AddressTaken);
        await registrar.Host.Operator.ShareAsync(TestRegistrar.Parse("2001:db8:1::/64"));
        await b.AnnounceAsync("2001:db8:1::1");
    }

    [Fact]
    public async Task Announcement_SentAgain_HasTheSameVersionAndOlderOneIsRefused()
    {
        await using TestRegistrar registrar = await kind.StartAsync();
        using TestParticipant host = await registrar.JoinAsync("host-a");
        Announcement older = host.Announcement("2001:db8:1::1");
        SignedEnvelope newer = host.Announce(host.Announcement("2001:db8:1::1"));

        VersionAnswer first = await TestParticipant.ReadAsync(
            await host.SendAnnouncementAsync(newer), HttpStatusCode.OK, RegistrarJson.Default.VersionAnswer);
        VersionAnswer again = await TestParticipant.ReadAsync(
            await host.SendAnnouncementAsync(newer), HttpStatusCode.OK, RegistrarJson.Default.VersionAnswer);

        Assert.Equal(first.Version, again.Version);
        await TestParticipant.RefusedAsync(await host.SendAnnouncementAsync(host.Announce(older)), 409, ErrorCodes.StaleSequence);
    }

    [Fact]
    public async Task Announcement_AlteredOrOfAnother_IsRefused()
    {
        await using TestRegistrar registrar = await kind.StartAsync();
        using TestParticipant a = await registrar.JoinAsync("host-a"), b = await registrar.JoinAsync("host-b");
        SignedEnvelope good = a.Announce(a.Announcement("2001:db8:1::1"));
        byte[] altered = [.. good.Body];
        altered[^20] ^= 1;

        await TestParticipant.RefusedAsync(await a.SendAnnouncementAsync(good with { Body = altered }), 403, ErrorCodes.BadSignature);
        await TestParticipant.RefusedAsync(await b.SendAnnouncementAsync(good), 403, ErrorCodes.BadSignature);
    }

    [Fact]
    public async Task Announcement_FromTheFutureOrThePast_IsRefused()
    {
        await using TestRegistrar registrar = await kind.StartAsync();
        using TestParticipant host = await registrar.JoinAsync("host-a");
        const ulong Hour = 3_600_000_000_000;
        Announcement now = host.Announcement("2001:db8:1::1");
        Announcement future = now with { IssuedAtUnixNs = now.IssuedAtUnixNs + Hour, NotAfterUnixNs = now.NotAfterUnixNs + Hour };
        Announcement over = now with { NotAfterUnixNs = now.IssuedAtUnixNs + 1 };

        await TestParticipant.RefusedAsync(await host.SendAnnouncementAsync(host.Announce(future)), 400, ErrorCodes.ClockSkew);
        await TestParticipant.RefusedAsync(await host.SendAnnouncementAsync(host.Announce(over)), 410, ErrorCodes.Expired);
    }

    [Fact]
    public async Task Announcement_SealedToWhoIsNoAnalyzer_IsRefused()
    {
        await using TestRegistrar registrar = await kind.StartAsync();
        using TestParticipant host = await registrar.JoinAsync("host-a"), other = await registrar.JoinAsync("host-b");

        await TestParticipant.RefusedAsync(
            await host.SendAnnouncementAsync(host.Announce(host.Announcement("2001:db8:1::1"), other)), 409, ErrorCodes.RecipientUnknown);
    }

    [Fact]
    public async Task Archive_ForAnalyzer_HoldsWhatHasEnded()
    {
        ShiftedClock clock = new();
        await using TestRegistrar registrar = await kind.StartAsync(options => options with { Time = clock });
        using TestParticipant host = await registrar.JoinAsync("host-a");
        using TestParticipant analyzer = await registrar.JoinAsync("collector", Role.Analyzer);
        await host.AnnounceAsync("2001:db8:1::1", analyzer);
        clock.Ahead = TimeSpan.FromHours(3);

        ArchivePage page = await MineAsync(analyzer, 0, long.MaxValue), before = await MineAsync(analyzer, 0, 1);

        Assert.Single(page.Announcements);
        Assert.Empty(before.Announcements);
        Assert.Empty((await analyzer.FeedAsync(0)).Announcements);
    }

    [Fact]
    public async Task Owner_OfAddressThatNobodyAnnounced_IsNotFound()
    {
        await using TestRegistrar registrar = await kind.StartAsync();
        using TestParticipant host = await registrar.JoinAsync("host-a");

        await TestParticipant.RefusedAsync(
            await host.Http.GetAsync(new Uri(RegistrarRoutes.Owners + "2001:db8::9", UriKind.Relative)), 404, ErrorCodes.NoOwner);
        await TestParticipant.RefusedAsync(
            await host.Http.GetAsync(new Uri(RegistrarRoutes.Owners + "192.0.2.1", UriKind.Relative)), 400, ErrorCodes.Malformed);
    }

    private static async Task<ArchivePage> MineAsync(TestParticipant analyzer, long from, long to) => await TestParticipant.ReadAsync(
        await analyzer.Http.GetAsync(new Uri($"{RegistrarRoutes.MyAnnouncements}?from={from}&to={to}&after=0", UriKind.Relative)),
        HttpStatusCode.OK, RegistrarJson.Default.ArchivePage);
}
