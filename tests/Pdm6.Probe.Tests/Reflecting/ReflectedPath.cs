using Pdm6.Probe.Frames;
using Pdm6.Probe.Native;
using Pdm6.Probe.Reflecting;
using Pdm6.Probe.Sessions;
using Pdm6.Security;
using Pdm6.Wire;

namespace Pdm6.Probe.Tests.Reflecting;

/// <summary>A prober's protocol and a reflection with one key, joined without a network; time is made up.</summary>
internal sealed class ReflectedPath : IDisposable
{
    internal const ulong StartedAtUnixNs = 1_700_000_000_000_000_000;
    internal static readonly Ipv6Address ProberAddress = Ipv6Address.Parse("2001:db8::1");
    internal static readonly Ipv6Address ReflectorAddress = Ipv6Address.Parse("2001:db8::2");

    private readonly KeyFile _key = TestKey.Create();
    private readonly byte[] _reply = new byte[FrameSizes.Largest];
    private readonly ReflectorLog? _log;

    internal ReflectedPath(ReflectorLimits? limits = null, string? logPath = null)
    {
        _log = logPath is null ? null : ReflectorLog.Open(logPath);
        Reflection = CreateReflection(limits ?? ReflectorLimits.Usual, StartedAtUnixNs);
    }

    internal ReflectorCounters Counters { get; } = new();

    internal FrameReflection Reflection { get; }

    /// <summary>The time; everything happens now.</summary>
    internal ulong NowNs { get; set; } = StartedAtUnixNs + 1_000_000;

    internal FrameReflection CreateReflection(ReflectorLimits limits, ulong startedAtUnixNs)
    {
        KeyFileFrameKeys keys = new(_key);
        return new FrameReflection(keys, keys, limits, Counters, _log, startedAtUnixNs);
    }

    internal FrameProtocol Prober(int size = FrameSizes.SmallestRequest) =>
        new(new AskingKeys(FrameSealer.FromKeyFile(_key), FrameOpener.FromKeyFile(_key)), size);

    /// <summary>A prober that has the right key and does as it likes.</summary>
    internal FrameSealer Sealer() => FrameSealer.FromKeyFile(_key);

    internal FrameOpener Opener() => FrameOpener.FromKeyFile(_key);

    internal byte[] Request(FrameProtocol prober, uint index, bool closing = false, long? lastRoundTripNs = null)
    {
        byte[] packet = new byte[prober.RequestSize];
        prober.WriteRequest(new RequestFacts(index, NowNs, lastRoundTripNs, null, closing), packet);
        return packet;
    }

    /// <summary>A frame with any TLVs.</summary>
    internal byte[] Frame(FrameSealer sealer, UdpFrameFlags flags, uint sequence, ReadOnlySpan<byte> tlvs)
    {
        byte[] packet = new byte[UdpFrame.SealedOverhead + tlvs.Length];
        Assert.True(sealer.TrySeal(new UdpFrameHeader(flags, 0, sequence, NowNs / 1000), tlvs, packet, out _));
        return packet;
    }

    internal byte[] Reflect(byte[] packet, Ipv6Address? source = null, FrameReflection? reflection = null, bool truncated = false)
    {
        ReceivedDatagram datagram = new()
        {
            Payload = packet,
            IsTruncated = truncated,
            Source = new Endpoint(source ?? ProberAddress, 40_000),
            Destination = ReflectorAddress,
            HopLimit = 60,
            StampedAtUnixNs = NowNs - 20_000,
        };
        ReflectorTime now = new(NowNs, (long)(NowNs - StartedAtUnixNs), SendLagNs: 5_000, ErrorNs: 70_000);
        return _reply[..(reflection ?? Reflection).Reflect(datagram, now, _reply)];
    }

    internal void WriteLog() => _log?.Dispose();

    public void Dispose()
    {
        Reflection.Dispose();
        _key.Dispose();
    }
}
