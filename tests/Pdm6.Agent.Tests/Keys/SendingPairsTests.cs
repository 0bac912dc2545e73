using Pdm6.Agent.Keys;
using Pdm6.Datapath;
using Pdm6.Wire;

namespace Pdm6.Agent.Tests.Keys;

public class SendingPairsTests
{
    private static readonly Ipv6Address s_a = Ipv6Address.Parse("2001:db8::a"), s_b = Ipv6Address.Parse("2001:db8::b"),
        s_far = Ipv6Address.Parse("2001:db8:1::1"), s_other = Ipv6Address.Parse("2001:db8:2::1");
    private static readonly HashSet<AddressPair> s_none = [];

    [Fact]
    public void SetRegistered_RemoteAddresses_GiveAPairFromEachOfOurs()
    {
        SendingPairs pairs = new([s_a, s_b], 10);

        Assert.True(pairs.SetRegistered([s_far, s_a]));

        Assert.Equal([new AddressPair(s_a, s_far), new AddressPair(s_b, s_far)], pairs.All.OrderBy(pair => pair.Source));
    }

    [Fact]
    public void SetRegistered_Again_ForgetsWhoHasGone()
    {
        SendingPairs pairs = new([s_a], 10);
        pairs.SetRegistered([s_far]);
        pairs.SetRegistered([s_other]);

        Assert.Equal([new AddressPair(s_a, s_other)], pairs.All);
    }

    [Fact]
    public void SetRegistered_MoreThanFit_TakesWhatFits()
    {
        SendingPairs pairs = new([s_a, s_b], 3);

        Assert.False(pairs.SetRegistered([s_far, s_other]));
        Assert.Equal(3, pairs.All.Count());
        Assert.False(pairs.TryRequest(new AddressPair(s_a, Ipv6Address.Parse("2001:db8:3::1"))));
    }

    [Fact]
    public void TryRequest_ForeignSourceOrImpossibleDestination_IsRefused()
    {
        SendingPairs pairs = new([s_a, s_b], 10);

        Assert.False(pairs.TryRequest(new AddressPair(s_far, s_other)));
        Assert.False(pairs.TryRequest(new AddressPair(s_a, s_b)));
        Assert.False(pairs.TryRequest(new AddressPair(s_a, Ipv6Address.Parse("ff02::1"))));
        Assert.Empty(pairs.All);
    }

    [Fact]
    public void EndEpoch_RequestedPair_StaysWhileUsedAndGoesAfterIdleEpochs()
    {
        SendingPairs pairs = new([s_a], 10);
        AddressPair pair = new(s_a, s_far);
        Assert.True(pairs.TryRequest(pair));

        for (int i = 0; i < SendingPairs.IdleEpochs; i++)
            pairs.EndEpoch(s_none);
        pairs.EndEpoch(new HashSet<AddressPair> { pair });
        for (int i = 0; i < SendingPairs.IdleEpochs; i++)
            pairs.EndEpoch(s_none);
        Assert.Equal([pair], pairs.All);
        pairs.EndEpoch(s_none);

        Assert.Empty(pairs.All);
    }

    [Fact]
    public void All_RequestedThenMoreRegisteredThanFit_IsTheRegisteredOnesUpToTheLimit()
    {
        SendingPairs pairs = new([s_a], 2);
        Assert.True(pairs.TryRequest(new AddressPair(s_a, Ipv6Address.Parse("2001:db8:3::1"))));
        Assert.False(pairs.IsFull);

        Assert.True(pairs.SetRegistered([s_far, s_other]));

        Assert.True(pairs.IsFull);
        Assert.Equal([new AddressPair(s_a, s_far), new AddressPair(s_a, s_other)], pairs.All.OrderBy(pair => pair.Destination));
    }

    [Fact]
    public void All_PairThatIsRegisteredAndRequested_IsThereOnce()
    {
        SendingPairs pairs = new([s_a], 10);
        pairs.TryRequest(new AddressPair(s_a, s_far));
        pairs.SetRegistered([s_far]);

        Assert.Single(pairs.All);
    }
}
