using Pdm6.Probe.Native;
using Pdm6.Probe.Sessions;

namespace Pdm6.Probe;

/// <summary>
/// Asks targets, and finds out what became of each request. One thread, one socket and one batch of datagrams for all
/// targets.
/// </summary>
public sealed class Prober : IDisposable
{
    private const int BatchSize = 64;
    private const int ClosingRounds = 10;
    private const long ShortestClosingRoundNs = 20_000_000, LongestClosingRoundNs = 200_000_000;

    private readonly ProberOptions _options;
    private readonly IProbeSink _sink;
    private readonly ProbeChannel[] _channels;
    private readonly Dictionary<Endpoint, ProbeChannel> _bySource;
    private readonly DatagramSocket _socket;
    private readonly RequestSender _sender;
    private readonly ReceiveBatch _received = new(BatchSize, ProberOptions.LargestRequest);
    private readonly SocketWait _wait;
    private readonly SendSchedule _schedule;
    private readonly ClockErrorWatch _clockError;
    private long _nextProgressNs;

    private Prober(ProberOptions options, IProbeSink sink, ProbeChannel[] channels, DatagramSocket socket)
    {
        (_options, _sink, _channels, _socket) = (options, sink, channels, socket);
        _bySource = channels.ToDictionary(channel => channel.Endpoint);
        _sender = new RequestSender(socket, _bySource, BatchSize, channels[0].Protocol.RequestSize);
        _wait = new SocketWait(socket);
        _schedule = new SendSchedule(
            options.Pace.Times(channels.Length), options.Count * channels.Length, (long?)options.Duration?.TotalNanoseconds);
        _clockError = new ClockErrorWatch(options.ClockError);
    }

    /// <summary>Replies that the kernel dropped because this program did not keep up: counted as lost.</summary>
    public long SocketDrops => _socket.Drops();

    /// <summary>Opens the socket.</summary>
    /// <exception cref="ProbeException">An option cannot be used, or the system refuses.</exception>
    public static Prober Open(ProberOptions options, IProbeSink sink)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(sink);
        options.Validate();
        Prober opened = OpenUnrehearsed(options, sink);
        // After opening: the kernel takes some milliseconds to begin stamping what comes in for a new socket.
        Rehearsal.Play(options.Protocol, options.Key);
        return opened;
    }

    internal static Prober OpenUnrehearsed(ProberOptions options, IProbeSink sink)
    {
        ProbeChannel[] channels = [.. options.Targets.Select(target => ProbeChannel.Create(target, options, sink))];
        DatagramSocket? socket = null;
        try
        {
            socket = DatagramSocket.Open(new DatagramSocketOptions
            {
                Address = options.Source,
                Interface = options.Interface,
                HopLimit = options.HopLimit,
                TrafficClass = (byte)(options.Dscp << 2),
                TransmitStamping = TransmitStamping.Every,
            });
            return new Prober(options, sink, channels, socket);
        }
        catch
        {
            socket?.Dispose();
            foreach (ProbeChannel channel in channels)
                channel.Dispose();
            throw;
        }
    }

    /// <summary>Asks on the calling thread until all is done or <paramref name="stop"/>; returns what it came to, target
    /// by target.</summary>
    /// <exception cref="ProbeException">The socket failed, or the sealing numbers are used up.</exception>
    public IReadOnlyList<ProbeSummary> Run(CancellationToken stop)
    {
        using CancellationTokenRegistration registration = stop.Register(_wait.WakeUp);
        SocketWait.PrepareThread();
        long nowNs = SystemClock.MonotonicNs;
        long endNs = _options.Deadline is { } deadline ? nowNs + (long)deadline.TotalNanoseconds : long.MaxValue;
        _nextProgressNs = _options.ProgressEvery is { } progress ? nowNs + (long)progress.TotalNanoseconds : long.MaxValue;
        _schedule.Start(nowNs);
        while (!stop.IsCancellationRequested && nowNs < endNs)
        {
            SendDue(nowNs);
            bool more = Receive();
            nowNs = SystemClock.MonotonicNs;
            if (Expire(nowNs) && _schedule.IsFinished)
                break;
            TellProgress(nowNs);
            if (!more)
                _wait.Wait(Math.Min(NextEventAtNs(), endNs));
            nowNs = SystemClock.MonotonicNs;
        }
        _schedule.Stop();
        Close();
        return Summarise();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (ProbeChannel channel in _channels)
            channel.Dispose();
        _sender.Dispose();
        _received.Dispose();
        _wait.Dispose();
        _socket.Dispose();
    }

    private void SendDue(long nowNs)
    {
        long? clockErrorNs = _clockError.At(nowNs);
        while (_schedule.TryTake(nowNs, out long number))
        {
            _sender.AddRequest(_channels[number % _channels.Length], clockErrorNs);
            // The answers to a batch must not wait for the next.
            if (_sender.IsFull)
                break;
        }
        _sender.Send();
    }

    /// <summary>Takes in a batch; true if there may be more.</summary>
    private bool Receive()
    {
        int count = _received.Receive(_socket);
        long nowNs = SystemClock.MonotonicNs;
        for (int i = 0; i < count; i++)
        {
            ReceivedDatagram datagram = _received[i];
            Endpoint source = datagram.Source.Address.IsLinkLocal ? datagram.Source : datagram.Source with { ScopeId = 0 };
            if (_bySource.TryGetValue(source, out ProbeChannel? channel))
                channel.OnDatagram(datagram, nowNs);
        }
        if (count == 0)
            _sender.DrainErrors();
        return count == BatchSize;
    }

    /// <summary>Finds lost requests; true if the fate of every request is known.</summary>
    private bool Expire(long nowNs)
    {
        bool decided = true;
        foreach (ProbeChannel channel in _channels)
        {
            channel.Session.Expire(nowNs);
            decided &= channel.Session.IsDecided;
        }
        return decided;
    }

    private long NextEventAtNs()
    {
        long next = Math.Min(_schedule.DueAtNs ?? long.MaxValue, _nextProgressNs);
        foreach (ProbeChannel channel in _channels)
            next = Math.Min(next, channel.Session.NextTimeoutAtNs ?? long.MaxValue);
        return next;
    }

    private void TellProgress(long nowNs)
    {
        if (nowNs < _nextProgressNs)
            return;
        _nextProgressNs = nowNs + (long)_options.ProgressEvery!.Value.TotalNanoseconds;
        _sink.OnProgress(Summarise());
    }

    private ProbeSummary[] Summarise() => [.. _channels.Select(channel => channel.Session.Summarise())];

    /// <summary>Asks reflectors that have answered for their final counts.</summary>
    private void Close()
    {
        ProbeChannel[] open = [.. _channels.Where(channel => channel.Protocol.CanClose && channel.Session.Received > 0)];
        for (uint round = 0; round < ClosingRounds && open.Length > 0; round++)
        {
            foreach (ProbeChannel channel in open)
            {
                _sender.AddClosingRequest(channel, round);
                if (_sender.IsFull)
                    _sender.Send();
            }
            _sender.Send();
            long patienceNs = Math.Clamp(
                2 * open.Max(channel => channel.Session.LongestRoundTripNs), ShortestClosingRoundNs, LongestClosingRoundNs);
            long untilNs = SystemClock.MonotonicNs + patienceNs;
            while (open.Any(channel => !channel.Session.IsClosed) && SystemClock.MonotonicNs < untilNs)
            {
                _wait.Calm();
                _wait.Wait(untilNs);
                while (Receive())
                {
                    // until all that has come is read
                }
            }
            open = [.. open.Where(channel => !channel.Session.IsClosed)];
        }
    }
}
