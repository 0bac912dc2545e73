using Pdm6.Agent.Keys;
using Pdm6.Datapath;
using Pdm6.Datapath.Tests;
using Pdm6.Security;
using Pdm6.Wire;

namespace Pdm6.Agent.Tests.Keys;

/// <summary>Epochs and contexts over days: the kernel is real, time is an argument.</summary>
public sealed class SendingKeysTests : IDisposable
{
    // Two epochs in a context: the ends of contexts come quickly.
    private const ulong LengthNs = EpochTimetable.LongestLifeNs / 2;
    private const int MostPairs = 8;

    private static readonly Ipv6Address s_local = Ipv6Address.Parse("2001:db8::1"), s_remote = Ipv6Address.Parse("2001:db8::2");
    private readonly KernelDatapath? _datapath =
        Environment.IsPrivilegedProcess ? KernelDatapath.Load(new DatapathOptions { FlowTableSize = 16, RingSize = 1 << 16, PairsPerEpoch = MostPairs }) : null;
    private readonly SendingPairs _pairs = new([s_local], MostPairs);
    private readonly List<Announcement> _begun = [];
    private readonly byte[] _keyFile = new byte[32];
    private (ContextId Context, AddressPair Pair) _closed; // nothing of it may be sealed

    public void Dispose() => _datapath?.Dispose();

    [KernelFact]
    public void Advance_OverContexts_NeverMeetsAnEpochAgainAndSerialsRiseByOne()
    {
        _pairs.SetRegistered([s_remote]);
        using SendingKeys keys = Make();
        ulong now = keys.Context.Schedule.FirstInstantNs;
        HashSet<(IncarnationId, ushort)> used = [];
        ulong serial = keys.Current.Keys.Serial;
        Assert.Equal(1ul, serial);
        Assert.True(used.Add((keys.Current.Context.IncarnationId, keys.Current.Keys.Epoch)));

        for (int i = 0; i < 9; i++)
        {
            now += LengthNs;
            EpochChange? change = keys.Advance(now);
            Assert.NotNull(change);
            Assert.Equal(++serial, keys.Current.Keys.Serial);
            Assert.True(used.Add((keys.Current.Context.IncarnationId, keys.Current.Keys.Epoch)));
            Assert.Equal(keys.Context.Announcement, keys.Current.Context);
            Assert.True(keys.Current.Keys.Contains(new AddressPair(s_local, s_remote)));
            Assert.Null(keys.Advance(now + LengthNs - 1));
        }

        Assert.Equal(_begun.Count, _begun.Select(context => context.IncarnationId).Distinct().Count());
    }

    [KernelFact]
    public void Advance_ShortlyBeforeTheEnd_AnnouncesASuccessorThatBeginsAtTheEnd()
    {
        using SendingKeys keys = Make();
        ulong end = keys.Context.Schedule.EndNs;
        keys.Advance(end - LengthNs);
        Announcement first = keys.NewestAnnouncement;

        Assert.Null(keys.Advance(end - 31_000_000_000));
        Assert.Equal(first, keys.NewestAnnouncement);
        Assert.Null(keys.Advance(end - 30_000_000_000));
        Announcement successor = keys.NewestAnnouncement;
        Assert.NotEqual(first.IncarnationId, successor.IncarnationId);
        Assert.True(successor.Sequence > first.Sequence);
        Assert.Equal(first, keys.Context.Announcement);

        EpochChange? change = keys.Advance(end);
        Assert.Equal((first, successor), (change!.FormerContext, change.Context));
        Assert.Equal(end, keys.Context.Schedule.FirstInstantNs);
    }

    [KernelFact]
    public void Advance_AfterALongSuspension_BeginsAFreshContext()
    {
        using SendingKeys keys = Make();
        ulong end = keys.Context.Schedule.EndNs;
        keys.Advance(end - LengthNs);
        keys.Advance(end - 1); // announces a successor, which will be over as well
        int begun = _begun.Count;

        keys.Advance(end + 5 * EpochTimetable.LongestLifeNs);

        Assert.Equal(begun + 1, _begun.Count);
        Assert.Equal(_begun[^1], keys.Current.Context);
        Assert.Equal(0, keys.Current.Index);
    }

    [KernelFact]
    public void EndContextEarly_ClockWasSet_EndsAfterTheNextEpoch()
    {
        using SendingKeys keys = Make(EpochTimetable.LongestLifeNs / 100);
        ulong length = keys.Context.Schedule.LengthNs, start = keys.Context.Schedule.FirstInstantNs;

        keys.EndContextEarly();

        keys.Advance(start + length);
        Assert.Equal((_begun[0], 1), (keys.Current.Context, keys.Current.Index));
        keys.Advance(start + 2 * length - 1);
        keys.Advance(start + 2 * length);
        Assert.Equal((_begun[1], 0), (keys.Current.Context, keys.Current.Index));
    }

    [KernelFact]
    public void ReplaceContextAt_MidEpoch_AnotherContextTakesOverAtThatInstantAndNeverMeetsTheOld()
    {
        _pairs.SetRegistered([s_remote]);
        using SendingKeys keys = Make();
        ulong now = keys.Context.Schedule.FirstInstantNs + 5, serial = keys.Current.Keys.Serial;

        keys.ReplaceContextAt(now + 10);

        Assert.Equal(_begun.ToArray(), keys.Contexts.Select(context => context.Announcement));
        Assert.Equal(now + 10, keys.NextChangeNs);
        Assert.Null(keys.Advance(now + 9));
        EpochChange? change = keys.Advance(now + 10);
        Assert.Equal((_begun[0], _begun[1]), (change!.FormerContext, change.Context));
        Assert.Equal((serial + 1, 0), (keys.Current.Keys.Serial, keys.Current.Index));
        Assert.Equal(now + 10, keys.Context.Schedule.FirstInstantNs);
        Assert.True(_begun[1].Sequence > _begun[0].Sequence);
    }

    [KernelFact]
    public void ReplaceContextAt_WithASuccessorAnnounced_NeitherOfTheTwoGoesOn()
    {
        using SendingKeys keys = Make();
        ulong end = keys.Context.Schedule.EndNs;
        keys.Advance(end - LengthNs);
        keys.Advance(end - 20_000_000_000); // announces a successor

        keys.ReplaceContextAt(end - 10_000_000_000);
        keys.Advance(end - 10_000_000_000);

        Assert.Equal(3, _begun.Count);
        Assert.Equal(_begun[2], keys.Current.Context);
    }

    [KernelFact]
    public void AddMissingPairs_ContextThatThePairMayNotUse_HasNoKeyUntilItMay()
    {
        using SendingKeys keys = Make();
        AddressPair pair = new(s_local, s_remote);
        _closed = (keys.Context.Announcement.ContextId, pair);
        _pairs.SetRegistered([s_remote]);
        keys.AddMissingPairs();
        Assert.False(keys.Current.Keys.Contains(pair));

        _closed = default;
        keys.AddMissingPairs();
        Assert.True(keys.Current.Keys.Contains(pair));
    }

    [KernelFact]
    public void Request_PairWithoutAKey_HasOneNowAndInTheNextEpoch()
    {
        using SendingKeys keys = Make();
        AddressPair pair = new(s_local, s_remote);
        Assert.False(keys.Current.Keys.Contains(pair));

        keys.Request(pair);
        Assert.True(keys.Current.Keys.Contains(pair));

        keys.Advance(keys.NextChangeNs);
        Assert.True(keys.Current.Keys.Contains(pair));
    }

    [KernelFact]
    public void AddMissingPairs_EpochFullOfFormerPairs_LeavesTheNewOnesToTheNextEpoch()
    {
        using SendingKeys keys = Make();
        Ipv6Address[] former = Remote(1, MostPairs), present = Remote(100, MostPairs);
        _pairs.SetRegistered(former);
        keys.AddMissingPairs();
        _pairs.SetRegistered([.. present]);

        keys.AddMissingPairs();

        Assert.True(keys.IsFull);
        Assert.All(former, remote => Assert.True(keys.Current.Keys.Contains(new AddressPair(s_local, remote))));
        keys.Advance(keys.NextChangeNs); // prepared before the change: it is as full
        keys.Advance(keys.NextChangeNs);
        Assert.Equal(MostPairs, keys.Current.Keys.PairCount);
        Assert.All(present, remote => Assert.True(keys.Current.Keys.Contains(new AddressPair(s_local, remote))));
    }

    [KernelFact]
    public void IsFull_RoomForOneMore_IsFalse()
    {
        using SendingKeys keys = Make();
        _pairs.SetRegistered(Remote(1, MostPairs - 1));
        keys.AddMissingPairs();
        Assert.False(keys.IsFull);

        keys.Request(new AddressPair(s_local, s_remote));

        Assert.True(keys.IsFull);
    }

    private static Ipv6Address[] Remote(int first, int count) =>
        [.. Enumerable.Range(first, count).Select(number => Ipv6Address.Parse($"2001:db8:1::{number:x}"))];

    private SendingKeys Make(ulong lengthNs = LengthNs) => new(_datapath!, firstInstantBootNs =>
    {
        SendingContext context = SendingContext.Begin(
            (incarnation, baseSecret) => KeyDerivation.BaseSecretFromKeyFile(_keyFile, incarnation, baseSecret),
            new SenderIdentity("a", [s_local], 0x1e, UdpOption.DefaultExId, new KeyRotation(lengthNs)), firstInstantBootNs, BootClock.UnixMinusBootNs(),
            _begun.LastOrDefault()?.Sequence ?? 0);
        _begun.Add(context.Announcement);
        return context;
    }, _pairs, (context, pair) => _closed != (context.ContextId, pair));
}
