using System.Numerics;
using Pdm6.Probe.Frames;
using Pdm6.Probe.Native;
using Pdm6.Probe.Sessions;
using Pdm6.Probe.Stamp;

namespace Pdm6.Probe;

/// <summary>One target with its protocol and its session.</summary>
internal sealed class ProbeChannel : IDisposable
{
    private const int LeastRemembered = 1 << 10, MostRemembered = 1 << 20;

    private ProbeChannel(ProbeTarget target, IProbeProtocol protocol, ProbeSession session, uint flowLabel)
    {
        (Protocol, Session) = (protocol, session);
        Endpoint = new Endpoint(target.Address, target.Port, target.ScopeId);
        SocketAddress = Endpoint.ToSocketAddress(flowLabel);
    }

    internal Endpoint Endpoint { get; }

    internal SocketAddress SocketAddress { get; }

    internal IProbeProtocol Protocol { get; }

    internal ProbeSession Session { get; }

    internal static ProbeChannel Create(ProbeTarget target, ProberOptions options, IProbeSink sink)
    {
        IProbeProtocol protocol = CreateProtocol(target, options);
        long timeoutNs = (long)options.Timeout.TotalNanoseconds;
        long needed = Math.Clamp(2 * options.Pace.EventsWithin(timeoutNs), LeastRemembered, MostRemembered);
        SessionSettings settings = new(timeoutNs, protocol.RequestSize, (int)BitOperations.RoundUpToPowerOf2((ulong)needed), options.HopLimit);
        return new ProbeChannel(target, protocol, new ProbeSession(target, settings, sink), options.FlowLabel);
    }

    internal void OnDatagram(in ReceivedDatagram datagram, long nowNs)
    {
        if (!datagram.IsTruncated && Protocol.TryReadReply(datagram.Payload, out ReplyFacts reply))
            Session.OnReply(
                reply, new Arrival(datagram.StampedAtUnixNs, nowNs, datagram.HopLimit, datagram.Destination), datagram.Payload.Length);
        else
            Session.OnRefused();
    }

    public void Dispose() => Protocol.Dispose();

    private static IProbeProtocol CreateProtocol(ProbeTarget target, ProberOptions options)
    {
        int size = options.Octets ?? ProberOptions.SmallestRequest(options.Protocol, options.Key is not null);
        if (options.Protocol == ProbeProtocol.Stamp)
        {
            StampMode mode = options.Key is { } stampKey ? StampMode.Authenticated(stampKey) : StampMode.Unauthenticated();
            return new StampProtocol(mode, options.TimestampFormat, size, options.IsStateful);
        }
        IFrameKeys keys = options.FrameKeys ?? new KeyFileFrameKeys(
            options.Key ?? throw new ProbeException("udp-frame needs a key: give --key-file or --identity."));
        return new FrameProtocol(keys.ForTarget(target), size);
    }
}
