using Pdm6.Registration.Contract;
using Pdm6.Registration.Server;
using Pdm6.Registration.Storage;
using Pdm6.Security.Identity;

namespace Pdm6.Registration.Tests.Server;

/// <summary>Who is woken by which change, and who need not ask the store.</summary>
public sealed class FeedNewsTests
{
    private static readonly Fingerprint _a = Fingerprint.Of("a"u8), _b = Fingerprint.Of("b"u8);

    private readonly FeedNews _news = new();

    [Fact]
    public void Page_BeforeAnythingIsKnown_IsTheStoresToGive()
    {
        _ = _news.NextFor(_a);
        Assert.Null(_news.TryAnswer(_a, 0, durable: 0));

        _news.Publish(Changes(5));

        Assert.Null(_news.TryAnswer(_a, 5, durable: 0)); // the store may hold something for it since version 1
    }

    [Fact]
    public void Page_OfOneWhoWasTold_IsEmptyAndUpToDate()
    {
        Begin(5, _a);

        _news.Publish(Changes(9));
        FeedPage? page = _news.TryAnswer(_a, 5, durable: 9);

        Assert.Equal((9, false, false), (page!.Version, page.More, page.AnalyzersChanged));
        Assert.Empty(page.Revoked);
        Assert.Null(_news.TryAnswer(_a, 4, durable: 0)); // it has lost what it was told
        Assert.Null(_news.TryAnswer(_a, 10, durable: 0)); // a version that was never given
    }

    [Fact]
    public void Change_OfOne_WakesThatOneAndSendsItToTheStore()
    {
        Begin(5, _a, _b);
        Task ofA = _news.NextFor(_a), ofB = _news.NextFor(_b);

        _news.Publish(Changes(6, concerned: [_a]));

        Assert.True(ofA.IsCompleted);
        Assert.False(ofB.IsCompleted);
        Assert.Null(_news.TryAnswer(_a, 5, durable: 0));
        Assert.Equal(6, _news.TryAnswer(_b, 5, durable: 0)!.Version);
        _news.Told(_a, 6);
        Assert.Equal(6, _news.TryAnswer(_a, 6, durable: 0)!.Version);
    }

    [Fact]
    public void Change_WhileTheStoreTellsSomebodyForTheFirstTime_IsNotTakenForTold()
    {
        Begin(5);
        _ = _news.NextFor(_a);

        _news.Publish(Changes(6, concerned: [_a]));
        _news.Told(_a, 5);

        Assert.Null(_news.TryAnswer(_a, 5, durable: 0));
        _news.Told(_a, 6);
        Assert.Equal(6, _news.TryAnswer(_a, 6, durable: 0)!.Version);
    }

    [Fact]
    public void Change_PublishedAfterTheStoreToldOfIt_IsNoNewsAgain()
    {
        Begin(5, _a);
        _news.Told(_a, 7);

        _news.Publish(Changes(7, concerned: [_a]));

        Assert.Empty(_news.TryAnswer(_a, 7, durable: 7)!.Announcements);
    }

    [Fact]
    public void Revocation_OfOne_WakesAllAndTellsTheOthers()
    {
        Begin(5, _a, _b);
        Task ofA = _news.NextFor(_a), ofB = _news.NextFor(_b);

        _news.Publish(Changes(6, revoked: _b));
        _news.Publish(Changes(7));

        Assert.True(ofA.IsCompleted);
        Assert.True(ofB.IsCompleted);
        Assert.Equal([_b.ToString()], _news.TryAnswer(_a, 5, durable: 0)!.Revoked);
        Assert.Empty(_news.TryAnswer(_a, 6, durable: 0)!.Revoked);
        Assert.Null(_news.TryAnswer(_b, 5, durable: 0)); // the store refuses it
    }

    [Fact]
    public void Told_ByAReadFromBeforeItsRevocation_StaysUnknown()
    {
        Begin(5, _a);

        _news.Publish(Changes(6, revoked: _a));
        _ = _news.NextFor(_a);
        _news.Told(_a, 5);

        Assert.Null(_news.TryAnswer(_a, 6, durable: 0));
    }

    [Fact]
    public void AnalyzersChange_WakesAllAndTellsThoseFromBefore()
    {
        Begin(5, _a);
        Task ofA = _news.NextFor(_a);

        _news.Publish(Changes(6, analyzersVersion: 6));

        Assert.True(ofA.IsCompleted);
        Assert.True(_news.TryAnswer(_a, 5, durable: 0)!.AnalyzersChanged);
        Assert.False(_news.TryAnswer(_a, 6, durable: 0)!.AnalyzersChanged);
    }

    [Fact]
    public void Commit_NotYetPublished_IsTheStoresToTell()
    {
        Begin(5, _a);

        _news.Committed(6);

        Assert.Equal(6, _news.Durable);
        Assert.Null(_news.TryAnswer(_a, 5, _news.Durable));
        Assert.NotNull(_news.TryAnswer(_a, 5, durable: 5)); // who asked before it
        _news.Publish(Changes(6));
        Assert.NotNull(_news.TryAnswer(_a, 5, _news.Durable));
    }

    [Fact]
    public void Store_RestoredFromAnOlderCopy_WakesAllAndIsAskedByAll()
    {
        Begin(5, _a);
        Task ofA = _news.NextFor(_a);

        _news.Publish(Changes(3));

        Assert.True(ofA.IsCompleted);
        Assert.Null(_news.TryAnswer(_a, 5, durable: 0));
        Assert.Null(_news.TryAnswer(_a, 3, durable: 0));
        Assert.Equal(3, _news.Version);
        Assert.Equal(3, _news.Durable);
    }

    [Fact]
    public void Revocations_MoreThanAreRemembered_AreTheStoresToTellTheOldestListeners()
    {
        Begin(0, _a);

        for (int i = 1; i <= 1030; i++)
            _news.Publish(Changes(i, revoked: Fingerprint.Of(BitConverter.GetBytes(i))));

        Assert.Null(_news.TryAnswer(_a, 5, durable: 0));
        Assert.Equal(1024, _news.TryAnswer(_a, 6, durable: 0)!.Revoked.Count);
        Assert.Equal(
            [Fingerprint.Of(BitConverter.GetBytes(1029)).ToString(), Fingerprint.Of(BitConverter.GetBytes(1030)).ToString()],
            _news.TryAnswer(_a, 1028, durable: 0)!.Revoked);
    }

    [Fact]
    public async Task Waiters_AreCountedAndEndWithTheirTimeTheirNewsOrTheirCaller()
    {
        Begin(5, _a);
        using CancellationTokenSource gone = new();
        Task next = _news.NextFor(_a);
        Task woken = _news.WaitAsync(next, TimeSpan.FromHours(1), TimeProvider.System, default);
        Task left = _news.WaitAsync(next, TimeSpan.FromHours(1), TimeProvider.System, gone.Token);
        Assert.Equal(2, _news.Waiting);

        await _news.WaitAsync(next, TimeSpan.FromMilliseconds(1), TimeProvider.System, default);
        await gone.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => left);
        Assert.False(woken.IsCompleted);
        _news.Close();
        await woken.WaitAsync(TimeSpan.FromSeconds(60));

        Assert.Equal(0, _news.Waiting);
        Assert.True(_news.IsClosed);
        Assert.True(_news.NextFor(_a).IsCompleted);
    }

    private void Begin(long version, params Fingerprint[] told)
    {
        _news.Publish(Changes(version));
        foreach (Fingerprint participant in told)
        {
            _ = _news.NextFor(participant);
            _news.Told(participant, version);
        }
    }

    private static StoreChanges Changes(
        long version, long analyzersVersion = 0, Fingerprint[]? concerned = null, Fingerprint? revoked = null) => new(
        new StoreVersions(version, analyzersVersion), concerned ?? [],
        revoked is { } one ? [new Revocation(version, one.ToString())] : []);
}
