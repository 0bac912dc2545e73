using Pdm6.Probe.Frames;
using Pdm6.Probe.Native;
using Pdm6.Probe.Stamp;
using Pdm6.Security;

namespace Pdm6.Probe.Reflecting;

/// <summary>
/// Answers probes: takes datagrams in batches, asks an <see cref="IReflection"/> what to answer, and answers from the
/// address that was asked, in the traffic class that it was asked in.
/// </summary>
public sealed class Reflector : IDisposable
{
    private const int ReceiveBatchSize = 64;
    private const int SendBatchSize = 4; // a reply carries its send time: it must not wait long for others
    private const byte DscpMask = 0xfc; // congestion marks are the network's own

    private readonly DatagramSocket _socket;
    private readonly IReflection _reflection;
    private readonly ReflectorLog? _log;
    private readonly ClockErrorWatch _clockError;
    private readonly SocketWait _wait;
    private readonly ReceiveBatch _received;
    private readonly SendBatch _replies;
    private readonly SendLagWatch _lag;
    private readonly Action<int, SendRefusal> _onRefused;

    private Reflector(
        DatagramSocket socket, IReflection reflection, ReflectorLog? log, ReflectorCounters counters, ClockErrorWatch clockError)
    {
        (_socket, _reflection, _log, Counters, _clockError) = (socket, reflection, log, counters, clockError);
        _wait = new SocketWait(socket);
        _received = new ReceiveBatch(ReceiveBatchSize, reflection.LargestRequest);
        _replies = new SendBatch(SendBatchSize, reflection.LargestRequest);
        _lag = new SendLagWatch(socket);
        _onRefused = _lag.OnRefused;
    }

    /// <summary>What became of everything that came.</summary>
    public ReflectorCounters Counters { get; }

    /// <summary>The port that it listens on.</summary>
    public ushort Port => _socket.Port;

    /// <summary>Datagrams that the kernel dropped because this program did not keep up.</summary>
    public long SocketDrops => _socket.Drops();

    /// <summary>Opens the socket; from then on requests queue up until <see cref="Run"/>.</summary>
    /// <exception cref="ProbeException">The socket or the log cannot be opened, or udp-frame has no key.</exception>
    public static Reflector Open(ReflectorOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        Reflector opened = OpenUnrehearsed(options);
        // After opening: the kernel takes some milliseconds to begin stamping what comes in for a new socket.
        Rehearsal.Play(options.Protocol, options.Key);
        return opened;
    }

    internal static Reflector OpenUnrehearsed(ReflectorOptions options)
    {
        ReflectorCounters counters = new();
        ReflectorLog? log = options.LogPath is { } path ? ReflectorLog.Open(path) : null;
        IReflection? reflection = null;
        DatagramSocket? socket = null;
        try
        {
            reflection = Reflection(options, counters, log);
            socket = DatagramSocket.Open(new DatagramSocketOptions
            {
                Address = options.Address,
                Port = options.Port,
                Interface = options.Interface,
                TransmitStamping = TransmitStamping.OnRequest,
            });
            return new Reflector(socket, reflection, log, counters, new ClockErrorWatch(options.ClockError));
        }
        catch
        {
            socket?.Dispose();
            reflection?.Dispose();
            log?.Dispose();
            throw;
        }
    }

    /// <summary>Answers on the calling thread until <paramref name="stop"/>.</summary>
    /// <exception cref="ProbeException">The socket failed, or the sealing numbers are used up.</exception>
    public void Run(CancellationToken stop)
    {
        using CancellationTokenRegistration registration = stop.Register(_wait.WakeUp);
        while (!stop.IsCancellationRequested)
        {
            int count = _received.Receive(_socket);
            for (int i = 0; i < count; i++)
                Reflect(_received[i]);
            SendReplies();
            _log?.WritePending();
            if (count > 0)
                continue;
            // Errors about replies (a prober that has gone) concern nobody, but would end every wait at once.
            _lag.Drain();
            _log?.Flush();
            _wait.Wait(untilNs: null);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _reflection.Dispose();
        _log?.Dispose();
        _socket.Dispose();
        _wait.Dispose();
        _received.Dispose();
        _replies.Dispose();
        _lag.Dispose();
    }

    private void Reflect(in ReceivedDatagram request)
    {
        long nowNs = SystemClock.MonotonicNs;
        ReflectorTime now = new(SystemClock.UnixNs, nowNs, _lag.Ns, _clockError.At(nowNs));
        int size = _reflection.Reflect(request, now, _replies.Next);
        if (size == 0)
            return;
        // Only a link-local address needs its interface; the way to all others is the routing table's to choose.
        int interfaceIndex = request.Destination.IsLinkLocal ? request.InterfaceIndex : 0;
        _replies.Add(
            size, request.Source.ToSocketAddress(flowLabel: 0), request.Destination, interfaceIndex,
            (byte)(request.TrafficClass & DscpMask), withStamp: _replies.Count == 0 && _lag.TryAsk(now));
        if (_replies.IsFull)
            SendReplies();
    }

    private void SendReplies()
    {
        if (_replies.Count == 0)
            return;
        // A reply that the kernel refuses is lost, and the prober sees it as that.
        _replies.Send(_socket, _onRefused);
        _lag.Drain();
    }

    private static IReflection Reflection(ReflectorOptions options, ReflectorCounters counters, ReflectorLog? log)
    {
        if (options.Protocol == ProbeProtocol.Stamp)
        {
            StampMode mode = options.Key is { } stampKey ? StampMode.Authenticated(stampKey) : StampMode.Unauthenticated();
            return new StampReflection(mode, options.TimestampFormat, options.IsStateful, options.Limits, counters);
        }
        if (options.FrameKeys is { } granted)
            return new FrameReflection(granted, owned: null, options.Limits, counters, log, SystemClock.UnixNs);
        KeyFile key = options.Key ?? throw new ProbeException("udp-frame needs a key: give --key-file or --identity.");
        KeyFileFrameKeys shared = new(key);
        AnnouncedFrames? announced = options.Announcements.Count == 0
            ? null
            : new(options.Announcements, key, options.Limits.Probers, 2 * (long)options.Limits.ClockTolerance.TotalNanoseconds);
        return new FrameReflection(shared, shared, options.Limits, counters, log, SystemClock.UnixNs, announced);
    }
}
