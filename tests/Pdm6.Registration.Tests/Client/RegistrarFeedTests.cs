using Pdm6.Registration.Client;
using Pdm6.Registration.Identities;
using Pdm6.Registration.Tests.Server;
using Pdm6.Security;
using Pdm6.Security.Announcements;
using Pdm6.Security.Identity;

namespace Pdm6.Registration.Tests.Client;

/// <summary>The feed of a real registrar.</summary>
public sealed class RegistrarFeedTests : IAsyncLifetime, IDisposable
{
    private readonly CancellationTokenSource _patience = new(Site.Patience);
    private Site _site = null!;
    private IdentityDirectory _analyst = null!;
    private ParticipantSession _session = null!;
    private TestParticipant _endpoint = null!;
    private IAsyncEnumerator<FeedUpdate> _feed = null!;

    public async Task InitializeAsync()
    {
        _site = await Site.StartAsync();
        _analyst = await _site.EnrollAsync("analyst", Role.Analyzer);
        _session = new ParticipantSession(_analyst, _site.Time, _ => { });
        _endpoint = new TestParticipant(_site.Url, "host-a", Role.Endpoint);
        await _endpoint.EnrollAsync((await _site.TokenAsync()).ToText());
        await _endpoint.PutKeysAsync();
        _feed = _session.Feed.ReadAsync(_patience.Token).GetAsyncEnumerator();
    }

    public async Task DisposeAsync()
    {
        await _feed.DisposeAsync();
        await _site.DisposeAsync();
    }

    public void Dispose()
    {
        _endpoint.Dispose();
        _session.Dispose();
        _analyst.Dispose();
        _patience.Dispose();
    }

    private async Task<FeedUpdate> NextAsync() => await _feed.MoveNextAsync() ? _feed.Current : throw new InvalidOperationException("The feed ended.");

    private async Task<ContextId> AnnounceAsync()
    {
        Announcement announcement = _endpoint.Announcement("2001:db8:1::1");
        byte[] body = SealedAnnouncement.Seal(
            announcement, new byte[32], [new Recipient(_analyst.HpkeKeys[0].PublicKey)], _endpoint.Certificate!);
        using HttpResponseMessage response = await _endpoint.SendAnnouncementAsync(_endpoint.Sign(EnvelopeKind.Announcement, body));
        Assert.True(response.IsSuccessStatusCode, response.StatusCode.ToString());
        return announcement.ContextId;
    }

    private async Task AssertNextAsync(ContextId context) => Assert.Equal(
        context, Assert.Single((await NextAsync()).Announcements).Content.Announcement.ContextId);

    [Fact]
    public async Task Feed_BeginsWithAllThatIsLiveAndGoesOnWithWhatComes()
    {
        ContextId before = await AnnounceAsync();
        FeedUpdate first = await NextAsync();
        Assert.True(first.IsComplete);
        Assert.Equal(before, Assert.Single(first.Announcements).Content.Announcement.ContextId);

        await AssertNextAsync(await AnnounceAsync());
        Assert.Empty(_session.Feed.Trouble);
    }

    [Fact]
    public async Task Feed_NothingThere_SaysSoAtOnce()
    {
        FeedUpdate first = await NextAsync();
        Assert.True(first.IsComplete);
        Assert.Empty(first.Announcements);
    }

    [Fact]
    public async Task Feed_OfAnEndpointThatIsRevoked_NamesIt()
    {
        await NextAsync();
        await _site.Registrar.Operator.RevokeAsync("host-a", RegistrarOperator.Operator, "lost");
        Assert.Equal([_endpoint.Key.Fingerprint], (await NextAsync()).Revoked);
    }

    [Fact]
    public async Task Feed_AnalyzerHasANewKey_SaysThatAnalyzersChanged()
    {
        await NextAsync();
        _analyst.RotateHpkeKey(_site.Time);
        Assert.Empty(await _session.CatchUpAsync(_patience.Token));
        Assert.True((await NextAsync()).AnalyzersChanged);
    }

    [Fact]
    public async Task Feed_RegistrarRestarts_LosesAndRepeatsNothing()
    {
        await AnnounceAsync();
        await NextAsync();
        Task<FeedUpdate> next = NextAsync();
        await _site.StopRegistrarAsync();
        while (_session.Feed.Trouble.Length == 0)
            await Task.Delay(5, _patience.Token);
        await _site.StartRegistrarAsync();
        ContextId after = await AnnounceAsync();
        Assert.Equal(after, Assert.Single((await next).Announcements).Content.Announcement.ContextId);
    }

    [Fact]
    public async Task Feed_OfSomebodyWhoWasRevoked_SaysWhyNothingComes()
    {
        await NextAsync();
        Task<FeedUpdate> next = NextAsync();
        await _site.Registrar.Operator.RevokeAsync("analyst", RegistrarOperator.Operator, "left");
        while (!_session.Feed.Trouble.Contains("revoked", StringComparison.OrdinalIgnoreCase))
        {
            // It may hear of its own revocation before it is refused.
            if (next.IsCompleted)
                next = NextAsync();
            await Task.Delay(5, _patience.Token);
        }
        await _patience.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => next);
    }
}
