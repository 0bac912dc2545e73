using System.Reflection;
using Pdm6.Wire;

namespace Pdm6.Security.Tests;

/// <summary>A sender's context: its own secret, and one sealer for each pair and epoch.</summary>
[Collection(nameof(ContentionCollection))]
public sealed class FrameSenderContextTests : IDisposable
{
    private const int Epochs = 1440;
    private static readonly Ipv6Address s_here = Ipv6Address.Parse("2001:db8::1");
    private static readonly Ipv6Address s_there = Ipv6Address.Parse("2001:db8::2");

    private readonly FrameSenderContext _context = Begin();

    public void Dispose() => _context.Dispose();

    [Theory]
    [InlineData(0)]
    [InlineData(7)]
    [InlineData(Epochs - 1)]
    public void Sealer_Frame_OpensWithThePairSecretUnderTheEpochAsKeyIdFromNumberOne(int index)
    {
        ushort epoch = _context.Timetable.EpochOf(index);
        byte[] frame = new byte[UdpFrame.SealedOverhead];
        using FrameSealer sealer = _context.Sealer(s_here, s_there, index);
        using FrameOpener opener = OpenerOf(_context, s_here, s_there, epoch);
        for (uint number = 1; number < 4; number++)
        {
            Assert.True(sealer.TrySeal(default, [], frame, out _));
            Assert.Equal(
                FrameOpenResult.Opened, opener.TryOpen(frame, [], out UdpFrameHeader header, out _, out FrameNumber got));
            Assert.Equal((epoch, number), (header.KeyId, got.Number));
        }
    }

    [Fact]
    public void Sealer_SecondOfAPairAndEpoch_IsRefusedEvenAfterTheFirstIsGone()
    {
        _context.Sealer(s_here, s_there, 5).Dispose();
        Assert.Throws<InvalidOperationException>(() => _context.Sealer(s_here, s_there, 5));
        Assert.Throws<InvalidOperationException>(() => _context.Sealer(s_here, s_there, 4));
        _context.Sealer(s_here, s_there, 6).Dispose();
        Assert.Throws<InvalidOperationException>(() => _context.Sealer(s_here, s_there, 5));
        _context.Sealer(s_there, s_here, 5).Dispose();
        _context.Sealer(s_here, s_here, 5).Dispose();
    }

    [Fact]
    public void Sealer_AskedForByThreadsAtOnce_IsGivenToOne()
    {
        int given = 0, round = 0;
        void Ask()
        {
            try
            {
                _context.Sealer(s_here, s_there, round).Dispose();
                Interlocked.Increment(ref given);
            }
            catch (InvalidOperationException)
            {
                Assert.True(round >= 0); // somebody else has it
            }
        }
        Contention.Run(
            Epochs,
            next =>
            {
                Assert.Equal(next, given);
                round = next;
            },
            [Ask, Ask]);
        Assert.Equal(Epochs, given);
    }

    [Fact]
    public void Sealer_IndexOutsideTheTimetable_IsTheCallersMistake()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => _context.Sealer(s_here, s_there, -1));
        Assert.Throws<ArgumentOutOfRangeException>(() => _context.Sealer(s_here, s_there, Epochs));
    }

    [Fact]
    public void Begin_Again_SharesNothingWithTheFirst()
    {
        using FrameSenderContext other = Begin();
        byte[] mine = new byte[KeyDerivation.SecretSize], theirs = new byte[KeyDerivation.SecretSize];
        _context.WritePairSecret(s_here, s_there, mine);
        other.WritePairSecret(s_here, s_there, theirs);
        Assert.NotEqual(mine, theirs);
        Assert.NotEqual(_context.IncarnationId, other.IncarnationId);
        Assert.NotEqual(_context.ContextId, other.ContextId);
    }

    [Fact]
    public void Begin_NoSuchSuiteOrTimetable_IsTheCallersMistake()
    {
        EpochTimetable timetable = _context.Timetable;
        Assert.Throws<ArgumentOutOfRangeException>(() => FrameSenderContext.Begin((Suite)3, timetable));
        Assert.Throws<ArgumentException>(
            () => FrameSenderContext.Begin(Suite.Aes256Gcm, timetable with { Count = 0 }));
    }

    [Fact]
    public void Dispose_AfterUse_GivesNothingMoreAndLeavesTheSealers()
    {
        FrameSealer sealer = _context.Sealer(s_here, s_there, 0);
        _context.Dispose();
        _context.Dispose();
        Assert.Throws<ObjectDisposedException>(() => _context.Sealer(s_here, s_there, 1));
        Assert.Throws<ObjectDisposedException>(
            () => _context.WritePairSecret(s_here, s_there, new byte[KeyDerivation.SecretSize]));
        Assert.True(sealer.TrySeal(default, [], new byte[UdpFrame.SealedOverhead], out _));
        sealer.Dispose();
    }

    /// <summary>Its secret comes from nowhere but the random number generator.</summary>
    [Fact]
    public void Type_WaysToMakeOne_TakeNoOctets()
    {
        Assert.Empty(typeof(FrameSenderContext).GetConstructors());
        MethodInfo way = Assert.Single(
            typeof(FrameSenderContext).GetMethods(BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Static),
            method => method.ReturnType == typeof(FrameSenderContext));
        Assert.Equal([typeof(Suite), typeof(EpochTimetable)], way.GetParameters().Select(parameter => parameter.ParameterType));
    }

    private static FrameSenderContext Begin() => FrameSenderContext.Begin(
        Suite.Aes256Gcm, EpochTimetable.NewRandom(Sender.Start, EpochTimetable.DefaultLengthNs));

    private static FrameOpener OpenerOf(FrameSenderContext context, Ipv6Address source, Ipv6Address destination, ushort epoch)
    {
        byte[] pairSecret = new byte[KeyDerivation.SecretSize];
        context.WritePairSecret(source, destination, pairSecret);
        return FrameOpener.FromPairSecret(pairSecret, context.Suite, epoch);
    }
}
