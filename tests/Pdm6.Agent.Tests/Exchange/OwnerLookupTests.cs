using Pdm6.Agent.Exchange;
using Pdm6.Agent.Tests.Support;
using Pdm6.Datapath;
using Pdm6.Registration.Addresses;
using Pdm6.Registration.Client;
using Pdm6.Registration.Contract;
using Pdm6.Security;
using Pdm6.Security.Identity;
using Pdm6.Security.Tests.Identity;
using Pdm6.Wire;

namespace Pdm6.Agent.Tests.Exchange;

/// <summary>Whom an agent takes for the owner of a destination: nobody whom the authority does not know, whose certificate
/// does not cover it, or who is not there.</summary>
public sealed class OwnerLookupTests : IDisposable
{
    private static readonly AddressPair s_pair = new(Ipv6Address.Parse("2001:db8:1::1"), Ipv6Address.Parse("2001:db8:2::2"));

    private readonly World _world = new(), _otherWorld = new();
    private readonly FixedClock _time = new(World.Now);
    private readonly Publisher _owner;
    private readonly OwnerBook _book;
    private readonly Requests _news = new();
    private AddressCheckResult _found = AddressCheckResult.Confirmed;
    private int _checks;

    public OwnerLookupTests()
    {
        _owner = new Publisher(_world.Join("host-b", Role.Endpoint, "2001:db8:2::/48"));
        _book = new OwnerBook(_time);
    }

    public void Dispose()
    {
        _owner.Dispose();
        _otherWorld.Dispose();
        _world.Dispose();
    }

    [Fact]
    public async Task Answer_OfOwnerWhoIsThere_IsKeptAndItsPairAskedForAgain()
    {
        await AnswerAsync(_owner.Reply);

        Assert.Equal(_owner.Identity, _book.OwnerOf(s_pair.Destination)?.Identity);
        Assert.Equal(_owner.Key.KeyId, _book.OwnerOf(s_pair.Destination)?.Recipient.Key.KeyId);
        Assert.Equal([s_pair], _news.Requested);
    }

    [Theory]
    [InlineData(AddressCheckResult.NoAnswer)]
    [InlineData(AddressCheckResult.AnotherIdentity)]
    public async Task Answer_OfOwnerWhoIsNotThere_IsNobody(AddressCheckResult found)
    {
        _found = found;

        await AnswerAsync(_owner.Reply);

        Assert.Equal(1, _checks);
        AssertUnowned();
    }

    [Fact]
    public async Task Answer_OfTheOwnerAsBefore_IsBelievedWithoutGoingToSee()
    {
        await AnswerAsync(_owner.Reply);
        _found = AddressCheckResult.NoAnswer;

        await AnswerAsync(_owner.Reply);

        Assert.Equal(1, _checks);
        Assert.NotNull(_book.OwnerOf(s_pair.Destination));
    }

    [Fact]
    public async Task Answer_WithAnotherAuthoritysOwner_IsNobodyAndNobodyIsAsked()
    {
        using Publisher stranger = new(_otherWorld.Join("host-b", Role.Endpoint, "2001:db8:2::/48"));

        await AnswerAsync(stranger.Reply);

        AssertUnowned();
        Assert.Equal(0, _checks);
    }

    [Fact]
    public async Task Answer_WithOwnerOfOtherPrefixes_IsNobody()
    {
        using Publisher elsewhere = new(_world.Join("host-c", Role.Endpoint, "2001:db8:3::/48"));

        await AnswerAsync(elsewhere.Reply);

        AssertUnowned();
        Assert.Equal(0, _checks);
    }

    [Fact]
    public async Task Answer_WithAnalyzer_IsNobody()
    {
        using Publisher analyzer = new(_world.Join("collector", Role.Analyzer, "2001:db8:2::/48"));

        await AnswerAsync(analyzer.Reply);

        AssertUnowned();
    }

    [Fact]
    public async Task Answer_WithKeysThatSomebodyElseSigned_IsNobody()
    {
        Participant other = _world.Join("host-c", Role.Endpoint, "2001:db8:2::/48");
        using IdentityKey key = other.Key;

        await AnswerAsync(_owner.Reply with { Value = _owner.Keys with { KeyBundle = _owner.SignedBy(other) } });

        AssertUnowned();
    }

    [Fact]
    public async Task Answer_NoOwner_IsNobody()
    {
        await AnswerAsync(new RegistrarReply<ParticipantKeys>(RegistrarOutcome.Refused, null, ErrorCodes.NoOwner, "none"));

        AssertUnowned();
    }

    [Theory]
    [InlineData(RegistrarOutcome.Unavailable, "")]
    [InlineData(RegistrarOutcome.Refused, ErrorCodes.RateLimited)]
    public async Task Answer_RegistrarCannotSay_LeavesWhatWasKnown(RegistrarOutcome outcome, string code)
    {
        await AnswerAsync(_owner.Reply);

        await AnswerAsync(new RegistrarReply<ParticipantKeys>(outcome, null, code, "later"));

        Assert.Equal(_owner.Identity, _book.OwnerOf(s_pair.Destination)?.Identity);
        Assert.False(_book.IsUnowned(s_pair.Destination));
    }

    [Fact]
    public async Task Run_WithQuestions_AnswersEachUntilItIsStopped()
    {
        using CancellationTokenSource stop = new();
        Task running = Lookup(_owner.Reply).RunAsync(stop.Token);
        AddressPair other = s_pair with { Destination = Ipv6Address.Parse("2001:db8:2::3") };

        _book.Ask(s_pair);
        _book.Ask(other);
        using CancellationTokenSource patience = new(TimeSpan.FromSeconds(60));
        while (_book.OwnerOf(s_pair.Destination) is null || _book.OwnerOf(other.Destination) is null)
            await Task.Delay(5, patience.Token);
        await stop.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
    }

    private void AssertUnowned()
    {
        Assert.True(_book.IsUnowned(s_pair.Destination));
        Assert.Empty(_news.Requested);
    }

    private async Task AnswerAsync(RegistrarReply<ParticipantKeys> reply)
    {
        _book.Ask(s_pair);
        await Lookup(reply).AnswerAsync(s_pair, CancellationToken.None);
    }

    private OwnerLookup Lookup(RegistrarReply<ParticipantKeys> reply) => new(
        _book, _world.Trust, (_, _) => Task.FromResult(reply),
        (_, _, _) =>
        {
            Interlocked.Increment(ref _checks);
            return Task.FromResult(_found);
        },
        _news, _time);

    private sealed class Requests : IExchangeNews
    {
        public List<AddressPair> Requested { get; } = [];

        public void SetAnnouncements(IReadOnlyList<Announcement> announcements)
        {
            // Not a lookup's business.
        }

        public void PairsChanged()
        {
            // Not a lookup's business.
        }

        public void Request(AddressPair pair)
        {
            lock (Requested)
                Requested.Add(pair);
        }

        public void ReplaceContext()
        {
            // Not a lookup's business.
        }
    }
}
