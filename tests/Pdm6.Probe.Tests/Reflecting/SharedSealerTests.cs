using Pdm6.Probe.Frames;
using Pdm6.Probe.Native;
using Pdm6.Probe.Reflecting;
using Pdm6.Probe.Sessions;
using Pdm6.Security;
using Pdm6.Wire;

namespace Pdm6.Probe.Tests.Reflecting;

/// <summary>Keys derived from pair secrets: one sealer for all runs of a prober, and keys for each sender.</summary>
public sealed class SharedSealerTests : IDisposable
{
    private const ulong NowNs = 1_700_000_000_000_000_000;
    private static readonly Ipv6Address s_prober = Ipv6Address.Parse("2001:db8::1"), s_reflector = Ipv6Address.Parse("2001:db8::2");

    private readonly Grants _grants = new();
    private readonly ReflectorCounters _counters = new();
    private readonly FrameReflection _reflection;

    public SharedSealerTests() => _reflection = new FrameReflection(_grants, owned: null, ReflectorLimits.Usual, _counters, log: null, NowNs - 1_000_000_000);

    public void Dispose()
    {
        _reflection.Dispose();
        _grants.Dispose();
    }

    [Fact]
    public void Runs_ThatShareASealer_AreCountedEachByItself()
    {
        using FrameProtocol first = Prober(run: 7), second = Prober(run: 8);
        _ = Reflect(Request(first, 0));
        _ = Reflect(Request(first, 1));

        byte[] reply = Reflect(Request(second, 0));

        Assert.True(second.TryReadReply(reply, out ReplyFacts facts));
        Assert.Equal((0u, 1u, 1u), (facts.Index, facts.Counts!.Value.Accepted, facts.ReplyNumber));
        Assert.False(first.TryReadReply(reply, out ReplyFacts foreign) && foreign.Index < 2);
    }

    [Fact]
    public void Request_Replayed_IsRefusedWhateverRunCameBetween()
    {
        using FrameProtocol first = Prober(run: 7), second = Prober(run: 8);
        byte[] request = Request(first, 0);
        Assert.NotEmpty(Reflect(request));
        Assert.NotEmpty(Reflect(Request(second, 0)));

        Assert.Empty(Reflect(request));
        Assert.Equal(1, _counters[ReflectorOutcome.Replayed]);
    }

    [Fact]
    public void Request_FromAnotherAddressThanGranted_HasNoKey()
    {
        using FrameProtocol prober = Prober(run: 7);

        Assert.Empty(Reflect(Request(prober, 0), Ipv6Address.Parse("2001:db8::bad")));
        Assert.Equal(1, _counters[ReflectorOutcome.NoKey]);
    }

    private FrameProtocol Prober(ulong run) => new(new AskingKeys(_grants.RequestSealer, _grants.ReplyOpener, run), FrameSizes.SmallestRequest);

    private static byte[] Request(FrameProtocol prober, uint index)
    {
        byte[] packet = new byte[prober.RequestSize];
        prober.WriteRequest(new RequestFacts(index, NowNs, null, null, IsClosing: false), packet);
        return packet;
    }

    private byte[] Reflect(byte[] packet, Ipv6Address? source = null)
    {
        byte[] reply = new byte[FrameSizes.Largest];
        ReceivedDatagram datagram = new()
        {
            Payload = packet,
            Source = new Endpoint(source ?? s_prober, 40_000),
            Destination = s_reflector,
            HopLimit = 60,
            StampedAtUnixNs = NowNs,
        };
        return reply[.._reflection.Reflect(datagram, new ReflectorTime(NowNs, 1, SendLagNs: 0, ErrorNs: null), reply)];
    }

    private sealed class Grants : IFrameKeys, IDisposable
    {
        private readonly AnsweringKeys _keys;

        internal Grants()
        {
            (RequestSealer, FrameOpener requests) = Direction(s_prober, s_reflector);
            (FrameSealer replies, ReplyOpener) = Direction(s_reflector, s_prober);
            _keys = new AnsweringKeys(requests, replies, id: 5);
        }

        internal FrameSealer RequestSealer { get; }

        internal FrameOpener ReplyOpener { get; }

        public AskingKeys ForTarget(ProbeTarget target) => throw new NotSupportedException();

        public IReadOnlyList<AnsweringKeys> ForSender(Ipv6Address source, Ipv6Address destination) =>
            source == s_prober && destination == s_reflector ? [_keys] : [];

        public void Dispose()
        {
            _keys.Dispose();
            RequestSealer.Dispose();
            ReplyOpener.Dispose();
        }

        private static (FrameSealer Sealer, FrameOpener Opener) Direction(Ipv6Address source, Ipv6Address destination)
        {
            using FrameSenderContext context = FrameSenderContext.Begin(Suite.Aes256Gcm, EpochTimetable.NewRandom(NowNs, EpochTimetable.LongestLifeNs));
            byte[] secret = new byte[32];
            context.WritePairSecret(source, destination, secret);
            return (context.Sealer(source, destination, 0), FrameOpener.FromPairSecret(secret, context.Suite, context.Timetable.EpochOf(0)));
        }
    }
}
