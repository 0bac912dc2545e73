using Pdm6.Registration.Client;
using Pdm6.Registration.Identities;
using Pdm6.Security;
using Pdm6.Security.Identity;

namespace Pdm6.Registration.Tests.Client;

/// <summary>Renewal and publication, with clocks that tests set.</summary>
public sealed class ParticipantSessionTests : IAsyncLifetime
{
    private readonly List<string> _log = [];
    private Site _site = null!;

    public async Task InitializeAsync() => _site = await Site.StartAsync();

    public async Task DisposeAsync() => await _site.DisposeAsync();

    private ParticipantSession Session(IdentityDirectory identity) => new(identity, _site.Time, _log.Add);

    private void Advance(TimeSpan time)
    {
        _site.RegistrarTime.Advance(time);
        _site.Time.Advance(time);
    }

    private static Task<string> CatchUpAsync(ParticipantSession session) => session.CatchUpAsync(CancellationToken.None);

    [Fact]
    public async Task Certificate_BeforeTwoThirdsOfItsLife_IsKept()
    {
        using IdentityDirectory identity = await _site.EnrollAsync("host-a");
        using ParticipantSession session = Session(identity);
        Fingerprint before = identity.Certificate.Hash;
        Advance(TimeSpan.FromDays(19.9));
        Assert.Empty(await CatchUpAsync(session));
        Assert.Equal(before, identity.Certificate.Hash);
    }

    [Fact]
    public async Task Certificate_AfterTwoThirdsOfItsLife_IsRenewedForTheSameIdentity()
    {
        using IdentityDirectory identity = await _site.EnrollAsync("host-a");
        using ParticipantSession session = Session(identity);
        ParticipantCertificate before = identity.Certificate;
        Advance(TimeSpan.FromDays(20.1));

        Assert.Empty(await CatchUpAsync(session));

        Assert.Equal(before.IdentityFingerprint, identity.Certificate.IdentityFingerprint);
        Assert.Equal(before.NotAfter.AddDays(20), identity.Certificate.NotAfter, TimeSpan.FromDays(0.2));
        using IdentityDirectory again = IdentityDirectory.Load(identity.Path);
        Assert.Equal(identity.Certificate.Hash, again.Certificate.Hash);
        // And new connections, of which there is one every ten minutes, use it: the old one would have ended.
        Advance(TimeSpan.FromDays(15));
        using ParticipantSession later = Session(identity);
        Assert.Empty(await CatchUpAsync(later));
    }

    [Fact]
    public async Task Certificate_RegistrarAwayWhenItIsDue_IsRenewedLater()
    {
        using IdentityDirectory identity = await _site.EnrollAsync("host-a");
        using ParticipantSession session = Session(identity);
        Fingerprint before = identity.Certificate.Hash;
        Advance(TimeSpan.FromDays(21));
        await _site.StopRegistrarAsync();
        Assert.Contains("not renewed", await CatchUpAsync(session), StringComparison.Ordinal);
        Assert.Equal(before, identity.Certificate.Hash);
        await _site.StartRegistrarAsync();
        Assert.Empty(await CatchUpAsync(session));
        Assert.NotEqual(before, identity.Certificate.Hash);
    }

    [Fact]
    public async Task Certificate_ThatHasEnded_SaysToEnrolAgain()
    {
        using IdentityDirectory identity = await _site.EnrollAsync("host-a");
        using ParticipantSession session = Session(identity);
        Advance(TimeSpan.FromDays(31));
        await _site.StopRegistrarAsync();
        await _site.StartRegistrarAsync();
        Assert.Contains("run 'pdm6 enroll' again", await CatchUpAsync(session), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Certificate_OfARevokedParticipant_IsNotRenewed()
    {
        using IdentityDirectory identity = await _site.EnrollAsync("host-a");
        using ParticipantSession session = Session(identity);
        Advance(TimeSpan.FromDays(21));
        await _site.Registrar.Operator.RevokeAsync("host-a", RegistrarOperator.Operator, "lost");
        Assert.Contains("revoked", await CatchUpAsync(session), StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task HpkeKey_Rotated_IsPublishedAndTheOldOneStays()
    {
        using IdentityDirectory identity = await _site.EnrollAsync("analyst", Role.Analyzer);
        using ParticipantSession session = Session(identity);
        HpkePrivateKey old = identity.HpkeKeys[0];

        identity.RotateHpkeKey(_site.Time);
        Assert.Null(identity.DescribeHpkeKeys()[0].PublishedAt);
        Assert.Empty(await CatchUpAsync(session));

        Assert.Equal(2, identity.HpkeKeys.Count);
        Assert.NotEqual(old, identity.HpkeKeys[0]);
        Assert.Equal(old, identity.HpkeKeys[1]);
        Assert.Equal([true, false], identity.DescribeHpkeKeys().Select(key => key.PublishedAt is not null));
        Assert.Equal([false, true], identity.DescribeHpkeKeys().Select(key => key.RetiredAt is not null));
        Assert.Equal([identity.HpkeKeys[0].PublicKey.KeyId], await PublishedKeysAsync(session));
    }

    [Fact]
    public async Task HpkeKey_RotatedByAnotherProcess_IsNoticedAndPublished()
    {
        using IdentityDirectory identity = await _site.EnrollAsync("analyst", Role.Analyzer);
        using ParticipantSession session = Session(identity);
        using (IdentityDirectory other = IdentityDirectory.Load(identity.Path))
            other.RotateHpkeKey(_site.Time);
        Assert.Empty(await CatchUpAsync(session));
        Assert.Equal(2, identity.HpkeKeys.Count);
        Assert.Equal([identity.HpkeKeys[0].PublicKey.KeyId], await PublishedKeysAsync(session));
        Assert.Contains(_log, line => line.Contains(identity.HpkeKeys[0].PublicKey.KeyId.ToString(), StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(Role.Endpoint, 47, 2)]
    [InlineData(Role.Endpoint, 50, 1)]
    [InlineData(Role.Analyzer, 500, 2)]
    public async Task HpkeKey_Retired_IsRemovedWhenNothingCanBeSealedToIt(Role role, int hours, int expected)
    {
        using IdentityDirectory identity = await _site.EnrollAsync("host-a", role);
        using ParticipantSession session = Session(identity);
        identity.RotateHpkeKey(_site.Time);
        Advance(TimeSpan.FromHours(hours));
        Assert.Empty(await CatchUpAsync(session));
        Assert.Equal(expected, Directory.GetFiles(identity.Path, "hpke-*.key").Length);
        Assert.Empty(await CatchUpAsync(session));
        Assert.Equal(expected, identity.HpkeKeys.Count);
    }

    [Fact]
    public async Task Bundle_AfterTheClockWasSetBack_HasAHigherSequenceStill()
    {
        using IdentityDirectory identity = await _site.EnrollAsync("host-a");
        using ParticipantSession session = Session(identity);
        Advance(TimeSpan.FromMinutes(-3));
        identity.RotateHpkeKey(_site.Time);
        Assert.Empty(await CatchUpAsync(session));
        Assert.NotNull(identity.DescribeHpkeKeys()[0].PublishedAt);
    }

    [Fact]
    public async Task Run_UntilStopped_EndsWithoutAnError()
    {
        using IdentityDirectory identity = await _site.EnrollAsync("host-a");
        using ParticipantSession session = Session(identity);
        Fingerprint before = identity.Certificate.Hash;
        using CancellationTokenSource stop = new(), patience = new(Site.Patience);
        Task running = session.RunAsync(stop.Token);
        Advance(TimeSpan.FromDays(21));
        while (identity.Certificate.Hash == before)
            await Task.Delay(5, patience.Token);
        await stop.CancelAsync();
        await running.WaitAsync(patience.Token);
    }

    private static async Task<IEnumerable<HpkeKeyId>> PublishedKeysAsync(ParticipantSession session)
    {
        RegistrarReply<IReadOnlyList<Contract.ParticipantKeys>> analyzers = await session.Registrar.GetAnalyzersAsync(CancellationToken.None);
        byte[] body = Assert.Single(analyzers.Value!).KeyBundle!.Body;
        Assert.True(Security.Announcements.KeyBundle.TryParse(body, out Security.Announcements.KeyBundle? bundle, out _));
        return bundle.Keys.Select(key => key.KeyId);
    }
}
