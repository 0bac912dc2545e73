using Pdm6.Probe.Native;
using Pdm6.Probe.Sessions;

namespace Pdm6.Probe;

/// <summary>Sends requests in batches and hands the kernel's transmit stamps and ICMPv6 errors to their
/// sessions.</summary>
internal sealed class RequestSender : IErrorQueueReader, IDisposable
{
    private const uint Remembered = 1 << 16; // stamps come back at once, or after what a queue of the interface holds

    private readonly DatagramSocket _socket;
    private readonly Dictionary<Endpoint, ProbeChannel> _channels;
    private readonly SendBatch _batch;
    private readonly ErrorQueue _errors = new();
    private readonly Sent[] _sent = new Sent[Remembered];
    private readonly Action<int, SendRefusal> _onRefused;
    private uint _nextStamp; // the kernel numbers datagrams as they are sent
    private bool _stampsAreUncertain;

    internal RequestSender(DatagramSocket socket, Dictionary<Endpoint, ProbeChannel> channels, int batchSize, int requestSize)
    {
        (_socket, _channels) = (socket, channels);
        _batch = new SendBatch(batchSize, requestSize);
        _onRefused = OnRefused;
    }

    internal bool IsFull => _batch.IsFull;

    /// <summary>Adds a channel's next request.</summary>
    internal void AddRequest(ProbeChannel channel, long? clockErrorNs)
    {
        ProbeSession session = channel.Session;
        ulong nowUnixNs = SystemClock.UnixNs;
        uint index = session.OnSending(nowUnixNs, SystemClock.MonotonicNs);
        session.OwnClockErrorNs = clockErrorNs;
        Add(channel, new RequestFacts(index, nowUnixNs, session.LastRoundTripNs, clockErrorNs, IsClosing: false));
    }

    /// <summary>Adds a request for the final counts.</summary>
    internal void AddClosingRequest(ProbeChannel channel, uint round) => Add(channel, new RequestFacts(
        channel.Session.NextIndex + round, SystemClock.UnixNs, channel.Session.LastRoundTripNs, ClockErrorNs: null, IsClosing: true));

    /// <summary>Sends what was added, and takes what the kernel says about it.</summary>
    internal void Send()
    {
        int count = _batch.Count;
        if (count == 0)
            return;
        _batch.Send(_socket, _onRefused);
        DrainErrors();
        _nextStamp += (uint)count;
        if (_stampsAreUncertain)
        {
            _socket.RestartTransmitStamps();
            (_nextStamp, _stampsAreUncertain) = (0, false);
        }
    }

    /// <summary>Takes what is in the error queue.</summary>
    internal void DrainErrors() => _errors.Drain(_socket, this);

    void IErrorQueueReader.OnTransmitStamp(TransmitStamp stamp)
    {
        ref Sent sent = ref _sent[stamp.Number % Remembered];
        if (!_stampsAreUncertain && sent.Session is { } session)
            session.OnTransmitStamp(sent.Index, stamp.LeftAtUnixNs);
    }

    void IErrorQueueReader.OnIcmpError(in IcmpError error)
    {
        Endpoint destination = error.Destination.Address.IsLinkLocal ? error.Destination : error.Destination with { ScopeId = 0 };
        if (_channels.TryGetValue(destination, out ProbeChannel? channel))
            channel.Session.OnIcmpError($"From {error.Reporter}: {error.Meaning}");
    }

    public void Dispose()
    {
        _batch.Dispose();
        _errors.Dispose();
    }

    private void Add(ProbeChannel channel, in RequestFacts request)
    {
        _sent[(_nextStamp + (uint)_batch.Count) % Remembered] = new Sent(channel.Session, request.Index, request.IsClosing);
        channel.Protocol.WriteRequest(request, _batch.Next);
        _batch.Add(channel.Protocol.RequestSize, channel.SocketAddress);
    }

    private void OnRefused(int place, SendRefusal refusal)
    {
        // Kernels differ in whether a datagram that they refuse takes a number.
        _stampsAreUncertain = true;
        Sent sent = _sent[(_nextStamp + (uint)place) % Remembered];
        if (!sent.IsClosing)
            sent.Session!.OnNotSent(sent.Index, $"Not sent: {refusal}");
    }

    private readonly record struct Sent(ProbeSession? Session, uint Index, bool IsClosing);
}
