using Pdm6.Agent.Exchange;
using Pdm6.Datapath;
using Pdm6.Wire;

namespace Pdm6.Agent.Tests.Exchange;

public class OwnerBookTests
{
    private static readonly AddressPair s_pair = new(Ipv6Address.Parse("2001:db8::1"), Ipv6Address.Parse("2001:db8::2"));

    private readonly SettableTime _time = new();
    private readonly OwnerBook _book;

    public OwnerBookTests() => _book = new OwnerBook(_time);

    [Fact]
    public void Ask_TwiceBeforeTheAnswer_IsOneQuestion()
    {
        _book.Ask(s_pair);
        _book.Ask(s_pair);

        Assert.Equal(1, TakeQuestions());
        Assert.False(_book.IsUnowned(s_pair.Destination)); // not known yet
    }

    [Fact]
    public void SetUnowned_IsBelievedForLongerEachTime()
    {
        foreach (int seconds in (int[])[1, 2, 4, 8, 16, 32, 60, 60])
        {
            _book.Ask(s_pair);
            Assert.Equal(1, TakeQuestions());
            _book.SetUnowned(s_pair.Destination);
            Assert.True(_book.IsUnowned(s_pair.Destination));

            _time.Advance(TimeSpan.FromSeconds(seconds) - TimeSpan.FromMilliseconds(1));
            _book.Ask(s_pair);
            Assert.Equal(0, TakeQuestions());
            _time.Advance(TimeSpan.FromMilliseconds(1));
        }
    }

    [Fact]
    public void SetUnanswered_RegistrarIsAway_IsAskedAgainSoonAndCountsAsNoAnswer()
    {
        _book.Ask(s_pair);
        Assert.Equal(1, TakeQuestions());
        _book.SetUnanswered(s_pair.Destination);

        Assert.False(_book.IsUnowned(s_pair.Destination));
        _time.Advance(OwnerBook.FirstPatience);
        _book.Ask(s_pair);
        Assert.Equal(1, TakeQuestions());
    }

    [Fact]
    public void Ask_MoreAddressesThanFit_ForgetsTheOneThatIsDueFirst()
    {
        OwnerBook small = new(_time, most: 2);
        foreach (string address in (string[])["2001:db8::2", "2001:db8::3", "2001:db8::4"])
        {
            AddressPair pair = s_pair with { Destination = Ipv6Address.Parse(address) };
            small.Ask(pair);
            small.SetUnowned(pair.Destination);
        }

        Assert.False(small.IsUnowned(Ipv6Address.Parse("2001:db8::2")));
        Assert.True(small.IsUnowned(Ipv6Address.Parse("2001:db8::4")));
    }

    private int TakeQuestions()
    {
        int questions = 0;
        while (_book.Questions.TryRead(out _))
            questions++;
        return questions;
    }

    private sealed class SettableTime : TimeProvider
    {
        private long _ticks = TimeSpan.TicksPerDay;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => _ticks;

        internal void Advance(TimeSpan by) => _ticks += by.Ticks;
    }
}
