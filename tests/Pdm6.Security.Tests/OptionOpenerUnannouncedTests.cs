using Pdm6.Wire;
using static Pdm6.Security.Tests.Sender;

namespace Pdm6.Security.Tests;

/// <summary>Base secrets of which no announcement is known.</summary>
public sealed class OptionOpenerUnannouncedTests
{
    private const string Destination = "2001:db8::99";
    private static readonly PdmMetrics s_metrics = new(1, 2, default, default);

    private readonly Sender[] _senders = [new("2001:db8::1"), new("2001:db8::2"), new("2001:db8::3")];

    private static OptionOpener OpenerOf(params Sender[] senders)
    {
        OptionOpener opener = new(OpenerMode.Analysis);
        for (int i = 0; i < senders.Length; i++)
            Assert.Equal(AddContextResult.Added, opener.AddUnannounced(new ContextId((ulong)i + 1), Suite.Aes256Gcm, senders[i].BaseSecret));
        return opener;
    }

    private static OpenResult Try(OptionOpener opener, Sender sender, long epochIndex, ulong at, out OpenedOption opened)
    {
        FlowKey flow = sender.Flow(Destination);
        return opener.TryOpen(flow, sender.Seal(flow, epochIndex, 7, s_metrics), at, out opened);
    }

    [Theory]
    [InlineData(0, 0ul)]
    [InlineData(5, Start)]
    [InlineData(1439, ulong.MaxValue)]
    public void TryOpen_AnyEpochAtAnyTime_OpensAndTellsTheEpoch(long epochIndex, ulong at)
    {
        using OptionOpener opener = OpenerOf(_senders[0]);
        Assert.Equal(OpenResult.Opened, Try(opener, _senders[0], epochIndex, at, out OpenedOption opened));
        ushort epoch = _senders[0].Announcement.Timetable.EpochOf(epochIndex);
        Assert.Equal((epoch, (long)epoch, new ContextId(1)), (opened.Epoch, opened.EpochIndex, opened.Context));
        Assert.Equal(s_metrics, opened.Metrics);
    }

    [Fact]
    public void TryOpen_SeveralSecrets_FindsEachSendersOwnAgainAndAgain()
    {
        using OptionOpener opener = OpenerOf(_senders);
        for (int turn = 0; turn < 9; turn++)
        {
            Assert.Equal(OpenResult.Opened, Try(opener, _senders[turn % 3], turn, Start, out OpenedOption opened));
            Assert.Equal(new ContextId((ulong)(turn % 3) + 1), opened.Context);
        }
        Assert.Equal(OpenResult.AuthenticationFailed, Try(opener, new Sender("2001:db8::1"), 1, Start, out _));
    }

    [Fact]
    public void OpenBatch_SeveralSecrets_AnswersAsOneByOne()
    {
        using OptionOpener opener = OpenerOf(_senders);
        Observation[] observations = [.. Enumerable.Range(0, 40).Select(i =>
        {
            Sender sender = _senders[i % 3];
            byte[] option = sender.Seal(sender.Flow(Destination), 3, (uint)i, s_metrics);
            option[39] ^= (byte)(i % 5 == 0 ? 1 : 0);
            return new Observation(sender.Flow(Destination), Start, ObservationVerdict.NoState, Observation.NoRule, 64, 0, 0, 0, 0,
                false, 0, 0, 40, OptionBytes.From(option));
        })];
        OpenResult[] results = new OpenResult[40];
        OpenedOption[] opened = new OpenedOption[40];
        opener.OpenBatch(observations, results, opened);
        for (int i = 0; i < 40; i++)
        {
            Assert.Equal(i % 5 == 0 ? OpenResult.AuthenticationFailed : OpenResult.Opened, results[i]);
            Assert.Equal(i % 5 == 0 ? default : new ContextId((ulong)(i % 3) + 1), opened[i].Context);
        }
    }

    [Fact]
    public void TryOpen_AnnouncedSource_IsOpenedByItsAnnouncementOnly()
    {
        using OptionOpener opener = OpenerOf(_senders[1]);
        opener.Add(_senders[0].Announcement, _senders[0].BaseSecret);
        Assert.Equal(OpenResult.Opened, Try(opener, _senders[0], 0, Start, out _));
        Assert.Equal(OpenResult.WrongEpoch, Try(opener, _senders[0], 9, Start, out _));
        Assert.Equal(OpenResult.Opened, Try(opener, _senders[1], 9, Start, out _));
    }

    [Fact]
    public void AddUnannounced_WrongUse_IsRefused()
    {
        using OptionOpener opener = new(OpenerMode.Analysis, OpenerLimits.Default with { Contexts = 1 });
        Assert.Throws<ArgumentException>(() => opener.AddUnannounced(default, Suite.Aes256Gcm, new byte[31]));
        Assert.Throws<ArgumentOutOfRangeException>(() => opener.AddUnannounced(default, (Suite)9, new byte[32]));
        Assert.Equal(AddContextResult.Added, opener.AddUnannounced(default, Suite.Aes128Gcm, new byte[32]));
        Assert.Equal(AddContextResult.Superseded, opener.AddUnannounced(default, Suite.Aes128Gcm, new byte[32]));
        Assert.Equal(AddContextResult.TooMany, opener.AddUnannounced(new ContextId(9), Suite.Aes128Gcm, new byte[32]));
        opener.RemoveEnded(ulong.MaxValue);
        Assert.Equal(AddContextResult.TooMany, opener.AddUnannounced(new ContextId(9), Suite.Aes128Gcm, new byte[32]));
    }
}
