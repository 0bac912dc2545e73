using Pdm6.Agent.Exchange;
using Pdm6.Agent.Tests.Support;
using Pdm6.Registration.Contract;
using Pdm6.Security.Identity;
using Pdm6.Security.Tests.Identity;

namespace Pdm6.Agent.Tests.Exchange;

/// <summary>To whom contexts are sealed: to the pinned, and of those to nobody who is not proved or was revoked.</summary>
public sealed class LiveAnalyzersTests : IDisposable
{
    private readonly World _world = new(), _otherWorld = new();
    private readonly Publisher _pinned, _unpinned;
    private readonly List<string> _log = [];

    public LiveAnalyzersTests()
    {
        _pinned = new Publisher(_world.Join("collector", Role.Analyzer));
        _unpinned = new Publisher(_world.Join("curious", Role.Analyzer));
    }

    public void Dispose()
    {
        _pinned.Dispose();
        _unpinned.Dispose();
        _otherWorld.Dispose();
        _world.Dispose();
    }

    [Fact]
    public void Current_BeforeTheRegistrarWasAsked_IsNotKnownUnlessNobodyIsPinned()
    {
        Assert.Null(Pin(_pinned.Identity).Current);
        Assert.Empty(Pin().Current!);
    }

    [Fact]
    public void Set_OfPinnedAndOthers_TakesThePinned()
    {
        LiveAnalyzers analyzers = Pin(_pinned.Identity);

        analyzers.Set([_unpinned.Keys, _pinned.Keys, _pinned.Keys], World.NowUnixNs);

        Assert.Equal(_pinned.Identity, Assert.Single(analyzers.Current!).Identity);
        Assert.Equal(_pinned.Key.KeyId, analyzers.Current![0].Recipient.Key.KeyId);
        Assert.Empty(_log);
    }

    [Fact]
    public void Set_OfGarbage_TakesNothingAndThrowsNothing()
    {
        LiveAnalyzers analyzers = Pin(_pinned.Identity);

        analyzers.Set([new ParticipantKeys([]), new ParticipantKeys([0x30, 0x80, 0xff])], World.NowUnixNs);

        Assert.Empty(analyzers.Current!);
    }

    [Fact]
    public void Set_OfPinnedWithoutAKey_SaysSoOnce()
    {
        LiveAnalyzers analyzers = Pin(_pinned.Identity);

        analyzers.Set([_pinned.Keys with { KeyBundle = null }], World.NowUnixNs);
        analyzers.Set([_pinned.Keys with { KeyBundle = null }], World.NowUnixNs);

        Assert.Empty(analyzers.Current!);
        Assert.Contains(_log, line => line.Contains("has published no key yet", StringComparison.Ordinal));
        Assert.Equal(_log.Distinct().Count(), _log.Count);
    }

    [Fact]
    public void Set_OfPinnedKeyWithAnotherAuthoritysCertificate_SealsNothingToIt()
    {
        Participant elsewhere = _otherWorld.Join("collector", Role.Analyzer);
        using Publisher stranger = new(elsewhere);
        LiveAnalyzers analyzers = Pin(stranger.Identity);

        analyzers.Set([stranger.Keys], World.NowUnixNs);

        Assert.Empty(analyzers.Current!);
        Assert.Contains(_log, line => line.Contains("not one of the authority", StringComparison.Ordinal));
    }

    [Fact]
    public void Set_WithoutThePinned_SaysThatNothingIsSealedToIt()
    {
        LiveAnalyzers analyzers = Pin(_pinned.Identity);
        analyzers.Set([_pinned.Keys], World.NowUnixNs);

        analyzers.Set([_unpinned.Keys], World.NowUnixNs);

        Assert.Empty(analyzers.Current!);
        Assert.Contains(_log, line => line.Contains($"{_pinned.Identity} of the configuration is not enrolled", StringComparison.Ordinal));
    }

    [Fact]
    public void Revoke_OfPinned_OutlivesWhatTheRegistrarSaysLater()
    {
        LiveAnalyzers analyzers = Pin(_pinned.Identity);
        analyzers.Set([_pinned.Keys], World.NowUnixNs);

        analyzers.Revoke(_pinned.Identity);
        Assert.Empty(analyzers.Current!);
        analyzers.Set([_pinned.Keys], World.NowUnixNs);

        Assert.Empty(analyzers.Current!);
    }

    private LiveAnalyzers Pin(params Fingerprint[] pins) => new(pins, _world.Trust, _log.Add);
}
