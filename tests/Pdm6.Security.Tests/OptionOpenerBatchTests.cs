using Pdm6.Wire;
using static Pdm6.Security.Tests.Sender;

namespace Pdm6.Security.Tests;

/// <summary>Batches and bounded caches change how fast answers come, never the answers.</summary>
public sealed class OptionOpenerBatchTests
{
    public static TheoryData<OpenerLimits> Limits =>
    [
        OpenerLimits.Default,
        new OpenerLimits(PairSecrets: 1, SessionKeys: 1, HotKeys: 1),
        new OpenerLimits(PairSecrets: 3, SessionKeys: 5, HotKeys: 2),
        new OpenerLimits(PairSecrets: 20, SessionKeys: 300, HotKeys: 4),
    ];

    [Theory]
    [MemberData(nameof(Limits))]
    public void OpenBatch_EveryKindOfOption_AnswersLikeOneByOne(OpenerLimits limits)
    {
        Random random = new(20251111);
        Sender short128 = new("2001:db8::3")
        {
            Announcement = new Sender("2001:db8::3").Announcement with { Suite = Suite.Aes128Gcm },
        };
        Sender[] senders = [new("2001:db8::1"), new("2001:db8::2"), short128, new("2001:db8::1")];
        Sender stranger = new("2001:db8::9");
        using OptionOpener batch = new(OpenerMode.Live, limits);
        using OptionOpener single = new(OpenerMode.Live);
        foreach (Sender sender in senders)
        {
            batch.Add(sender.Announcement, sender.BaseSecret);
            single.Add(sender.Announcement, sender.BaseSecret);
        }

        int[] counts = new int[7];
        for (int round = 0; round < 60; round++)
        {
            Observation[] observations = [.. Enumerable.Range(0, random.Next(400))
                .Select(_ => Random(random, random.Next(20) == 0 ? stranger : senders[random.Next(4)]))];
            OpenResult[] results = new OpenResult[observations.Length];
            OpenedOption[] opened = new OpenedOption[observations.Length];
            Array.Fill(opened, new OpenedOption(default, default, -1, 1, 1, default));
            batch.OpenBatch(observations, results, opened);
            for (int i = 0; i < observations.Length; i++)
            {
                OpenResult expected = single.TryOpen(
                    observations[i].Flow, observations[i].OptionOctets, observations[i].ObservedAtNs,
                    out OpenedOption expectedOpened);
                Assert.Equal(expected, results[i]);
                Assert.Equal(expectedOpened, opened[i]);
                counts[(int)expected]++;
            }
        }
        Assert.All(counts, count => Assert.NotEqual(0, count)); // every result was among them
    }

    [Fact]
    public void OpenBatch_OptionsInPlace_AnswersForOptionsAndLeavesTheRestAlone()
    {
        Sender sender = new("2001:db8::1");
        using OptionOpener opener = new(OpenerMode.Live);
        opener.Add(sender.Announcement, sender.BaseSecret);
        Observation[] observations = [.. Enumerable.Range(0, 300).Select(i => Sealed(
            sender, $"2001:db8:1::{i % 5 + 1:x}", i % 2, (uint)i, new PdmMetrics((uint)i, 0, default, default)))];
        OpenResult[] results = new OpenResult[300];
        OpenedOption[] opened = new OpenedOption[300];
        Array.Fill(results, OpenResult.UnknownVersion);
        opener.OpenBatch(new EveryThirdLeftOut(observations), results, opened);
        for (int i = 0; i < 300; i++)
        {
            Assert.Equal(i % 3 == 0 ? OpenResult.UnknownVersion : OpenResult.Opened, results[i]);
            Assert.Equal(i % 3 == 0 ? 0 : (uint)i, opened[i].Metrics.Psnlr);
        }
        Assert.Throws<ArgumentException>(() => opener.OpenBatch(new EveryThirdLeftOut(observations), results.AsSpan(1), opened));
        Assert.Throws<ArgumentException>(() => opener.OpenBatch(new EveryThirdLeftOut(observations), results, opened.AsSpan(1)));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void OpenBatch_NewContextOfOneOfTwoThatTakeTurns_OpensWithIt(int renewed)
    {
        Sender[] hosts = [new("2001:db8::1"), new("2001:db8::2")];
        using OptionOpener opener = new(OpenerMode.Live);
        OpenResult[] results = new OpenResult[20];
        OpenedOption[] opened = new OpenedOption[20];
        void OpenByTurns() => opener.OpenBatch(
            [.. Enumerable.Range(0, 20).Select(i => Sealed(hosts[i % 2], "2001:db8::5", 0, (uint)i, default))], results, opened);

        foreach (Sender host in hosts)
            opener.Add(host.Announcement, host.BaseSecret);
        OpenByTurns();
        Assert.All(results, result => Assert.Equal(OpenResult.Opened, result));

        hosts[renewed] = new Sender($"2001:db8::{renewed + 1}");
        opener.Add(hosts[renewed].Announcement, hosts[renewed].BaseSecret);
        OpenByTurns();
        Assert.All(results, result => Assert.Equal(OpenResult.Opened, result));
    }

    [Fact]
    public void OpenBatch_BothSuitesSideBySide_OpensAll()
    {
        Sender long256 = new("2001:db8::1");
        Sender short128 = new("2001:db8::2")
        {
            Announcement = new Sender("2001:db8::2").Announcement with { Suite = Suite.Aes128Gcm },
        };
        using OptionOpener opener = new(OpenerMode.Live);
        opener.Add(long256.Announcement, long256.BaseSecret);
        opener.Add(short128.Announcement, short128.BaseSecret);
        Observation[] observations = [.. Enumerable.Range(0, 40).Select(i => Sealed(
            i % 3 == 0 ? short128 : long256, "2001:db8::5", 0, (uint)i, new PdmMetrics((uint)i, 0, default, default)))];
        OpenResult[] results = new OpenResult[40];
        OpenedOption[] opened = new OpenedOption[40];
        opener.OpenBatch(observations, results, opened);
        Assert.All(results, result => Assert.Equal(OpenResult.Opened, result));
        Assert.Equal(Enumerable.Range(0, 40).Select(i => (uint)i), opened.Select(o => o.Metrics.Psnlr));
    }

    [Fact]
    public void OpenBatch_PlacesMissing_IsTheCallersMistake()
    {
        using OptionOpener opener = new(OpenerMode.Live);
        Observation[] two = new Observation[2];
        Assert.Throws<ArgumentException>(() => opener.OpenBatch(two, new OpenResult[1], new OpenedOption[2]));
        Assert.Throws<ArgumentException>(() => opener.OpenBatch(two, new OpenResult[2], new OpenedOption[1]));
    }

    [Fact]
    public void OpenBatch_AfterACallersMistake_StartsClean()
    {
        Sender sender = new("2001:db8::1");
        using OptionOpener opener = new(OpenerMode.Live);
        opener.Add(sender.Announcement, sender.BaseSecret);
        Observation good = Sealed(sender, "2001:db8::5", 0, 1, default);
        OpenResult[] results = new OpenResult[3];
        OpenedOption[] opened = new OpenedOption[3];
        Assert.Throws<ArgumentOutOfRangeException>(
            () => opener.OpenBatch([good, good, good with { OptionLength = 69 }], results, opened));
        opener.OpenBatch([good], results.AsSpan(0, 1), opened.AsSpan(0, 1));
        Assert.Equal(OpenResult.Opened, results[0]);
    }

    [Fact]
    public void Opening_KeysKnown_AllocatesNothing()
    {
        Sender sender = new("2001:db8::1", "2001:db8::2");
        using OptionOpener opener = new(OpenerMode.Live);
        opener.Add(sender.Announcement, sender.BaseSecret);
        Observation[] observations = [.. Enumerable.Range(0, 64).Select(i => Sealed(
            sender, $"2001:db8:1::{i % 7 + 1:x}", i % 2, (uint)i, default))];
        observations[5] = observations[5] with { ObservedAtNs = 0 };
        observations[6] = observations[6] with { OptionLength = 3 };
        OpenResult[] results = new OpenResult[64];
        OpenedOption[] opened = new OpenedOption[64];
        byte[] option = observations[0].OptionOctets.ToArray();
        Assert.Equal(0, Allocations.Of(_ =>
        {
            opener.OpenBatch(observations, results, opened);
            opener.TryOpen(observations[0].Flow, option, observations[0].ObservedAtNs, out OpenedOption _);
        }));
        Assert.Equal(62, results.Count(result => result == OpenResult.Opened));
    }

    private static Observation Random(Random random, Sender sender)
    {
        PdmMetrics metrics = new((uint)random.Next(), (uint)random.Next(), new PdmTime(1, 2), new PdmTime(3, 4));
        Observation observation = Sealed(
            sender, $"2001:db8:1::{random.Next(1, 30):x}", random.Next(4), (uint)random.Next(), metrics);
        byte[] octets = observation.OptionOctets.ToArray();
        switch (random.Next(12))
        {
            case 0: octets[random.Next(8, 40)] ^= 0x10; break;
            case 1: octets[4] ^= 1; break;
            case 2: octets[2] = 0x30; break;
            case 3: octets = octets[..random.Next(4)]; break;
            case 4: octets[1] = Pdmv2OptionView.ClearLength; break;
            case 5: observation = observation with { ObservedAtNs = (ulong)random.NextInt64() }; break;
            default: break;
        }
        return observation with { Option = OptionBytes.From(octets), OptionLength = (byte)octets.Length };
    }

    private static Observation Sealed(Sender sender, string destination, long index, uint psntp, PdmMetrics metrics)
    {
        FlowKey flow = sender.Flow(destination);
        return Observe(flow, sender.Seal(flow, index, psntp, metrics), Start + (ulong)index * 60 * Second + Second);
    }

    private readonly struct EveryThirdLeftOut(Observation[] observations) : IDestinationOptions
    {
        public int Count => observations.Length;
        public bool IsOption(int index) => index % 3 != 0;
        public ref readonly FlowKey FlowOf(int index) => ref observations[index].FlowInPlace;
        public ReadOnlySpan<byte> OctetsOf(int index) => observations[index].OptionOctets;
        public ulong ObservedAtNsOf(int index) => observations[index].ObservedAtNs;
    }
}
