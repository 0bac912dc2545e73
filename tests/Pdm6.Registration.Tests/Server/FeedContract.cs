using System.Net;
using Pdm6.Registration.Contract;
using Pdm6.Registration.Tests.Storage;
using Pdm6.Security;
using Pdm6.Security.Announcements;
using Pdm6.Security.Identity;

namespace Pdm6.Registration.Tests.Server;

/// <summary>Feeds that wait: woken by whatever concerns them, whoever wrote it.</summary>
public abstract class FeedContract(IStoreKind kind)
{
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(50);

    [Fact]
    public async Task Feed_OfAGrantsHolder_CarriesTheAnnouncementAgainWhenItChanges()
    {
        await using TestRegistrar registrar = await kind.StartAsync();
        using TestParticipant a = await registrar.JoinAsync("host-a"), b = await registrar.JoinAsync("host-b");
        (Announcement announcement, _) = await a.AnnounceAsync("2001:db8:1::1");
        await AcceptedAsync(a.SendGrantsAsync(a.Grant(announcement, "2001:db8:1::2", b)));
        long version = (await b.FeedAsync(0)).Version;

        Task<FeedPage> waiting = b.FeedAsync(version, waitSeconds: 60);
        ulong sequence = announcement.Sequence + 1_000_000;
        await AcceptedAsync(a.SendAnnouncementAsync(a.Announce(announcement with { Sequence = sequence })));
        FeedPage page = await waiting.WaitAsync(_patience), fromTheBegin = await b.FeedAsync(0);

        Assert.Equal(sequence, SequenceOf(Assert.Single(page.Announcements)));
        Assert.Empty(page.Grants);
        Assert.Equal(sequence, SequenceOf(Assert.Single(fromTheBegin.Announcements)));
        Assert.Single(fromTheBegin.Grants);
    }

    [Fact]
    public async Task Feed_WhoseCallerPutsItsKeysMeanwhile_HearsOfGrantsToThem()
    {
        await using TestRegistrar registrar = await kind.StartAsync();
        using TestParticipant a = await registrar.JoinAsync("host-a"), b = new(registrar.Url, "host-b", Role.Endpoint);
        await b.EnrollAsync(await registrar.TokenAsync());
        (Announcement announcement, _) = await a.AnnounceAsync("2001:db8:1::1");
        long version = (await b.FeedAsync(0)).Version;

        Task<FeedPage> waiting = b.FeedAsync(version, waitSeconds: 60);
        await b.PutKeysAsync();
        await AcceptedAsync(a.SendGrantsAsync(a.Grant(announcement, "2001:db8:1::2", b)));

        Assert.Single((await waiting.WaitAsync(_patience)).Grants);
    }

    [Fact]
    public async Task Feed_ThatWaits_HearsWhatAnotherRegistrarOfTheStoreTook()
    {
        await using TestRegistrar registrar = await kind.StartAsync();
        using TestParticipant analyzer = await registrar.JoinAsync("collector", Role.Analyzer);
        await using RegistrarHost beside = await RegistrarHost.StartAsync(registrar.Options, CancellationToken.None);
        using TestParticipant host = new(new Uri($"https://{beside.Address}"), "host-a", Role.Endpoint);
        await host.EnrollAsync(await registrar.TokenAsync());
        long version = (await analyzer.FeedAsync(0)).Version;

        Task<FeedPage> waiting = analyzer.FeedAsync(version, waitSeconds: 60);
        await host.AnnounceAsync("2001:db8:1::1", analyzer);

        Assert.Single((await waiting.WaitAsync(_patience)).Announcements);
    }

    [Fact]
    public async Task Feed_AskedRightAfterAnAnswer_HasWhatWasAnswered()
    {
        await using TestRegistrar registrar = await kind.StartAsync();
        using TestParticipant host = await registrar.JoinAsync("host-a");
        using TestParticipant analyzer = await registrar.JoinAsync("collector", Role.Analyzer);
        long version = (await analyzer.FeedAsync(0)).Version;

        for (int i = 0; i < 20; i++)
        {
            (_, long announced) = await host.AnnounceAsync("2001:db8:1::1", analyzer);
            FeedPage page = await analyzer.FeedAsync(version);
            Assert.Single(page.Announcements);
            version = page.Version;
            Assert.Equal(announced, version);
        }
    }

    private static async Task AcceptedAsync(Task<HttpResponseMessage> asked) =>
        await TestParticipant.ReadAsync(await asked, HttpStatusCode.OK, RegistrarJson.Default.VersionAnswer);

    private static ulong SequenceOf(SignedEnvelope envelope)
    {
        Assert.True(SealedAnnouncement.TryParse(envelope.Body, out SealedAnnouncement? read, out _));
        return read.Announcement.Sequence;
    }
}
