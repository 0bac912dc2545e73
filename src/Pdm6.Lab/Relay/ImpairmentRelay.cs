using System.Buffers;
using System.Net.NetworkInformation;
using Pdm6.Lab.Native;
using Pdm6.Wire;

namespace Pdm6.Lab;

/// <summary>
/// A router's forwarding between two interfaces, done in user space, that delays, loses, duplicates, reorders and
/// tampers as told and knows of every packet what became of it. It runs in the router's namespace, where the kernel must
/// not forward; the kernel keeps answering neighbour discovery. Super-packets and unfinished checksums pass as they are.
/// </summary>
/// <remarks>One thread does all the work, so counters are exact and decisions come in the order of arrival.</remarks>
public sealed class ImpairmentRelay : IDisposable
{
    private const byte PacketToThisHost = 0; // PACKET_HOST
    private const int FramesInARow = 64;

    private readonly RelayConfiguration _configuration;
    private readonly PacketSocket _clientSide;
    private readonly PacketSocket _serverSide;
    private readonly RelayDirection _toServer;
    private readonly RelayDirection _toClient;
    private readonly PreciseWait _wait;
    private readonly HashSet<Ipv6Address> _own;
    private readonly PriorityQueue<HeldFrame, (long DeadlineNs, long Order)> _held = new();
    private readonly ArrayPool<byte> _buffers = ArrayPool<byte>.Create(PacketSocket.LargestFrame, 4096);
    private readonly byte[] _frame = new byte[PacketSocket.LargestFrame];
    private readonly object _counting = new();
    private long _order;

    private ImpairmentRelay(RelayConfiguration configuration)
    {
        _configuration = configuration;
        _clientSide = PacketSocket.Open(configuration.ClientSide.Interface);
        _serverSide = PacketSocket.Open(configuration.ServerSide.Interface);
        _toServer = Direction("toServer", _serverSide, configuration.ServerSide, configuration.ToServer);
        _toClient = Direction("toClient", _clientSide, configuration.ClientSide, configuration.ToClient);
        _wait = new PreciseWait(_clientSide.Descriptor, _serverSide.Descriptor);
        _own = [.. OwnAddresses()];
    }

    /// <summary>Opens the interfaces. From here on no packet is missed; <see cref="Run"/> forwards them.</summary>
    /// <exception cref="LaboratoryException">An interface is missing, or the right to open it.</exception>
    public static ImpairmentRelay Open(RelayConfiguration configuration)
    {
        configuration.Validate();
        return new ImpairmentRelay(configuration);
    }

    /// <summary>
    /// Forwards on the calling thread until <paramref name="stop"/>; then takes in nothing more, sends what it holds, each
    /// packet in its time, and returns.
    /// </summary>
    /// <exception cref="LaboratoryException">An interface went away.</exception>
    public void Run(CancellationToken stop)
    {
        PreciseWait.PrepareThread();
        using CancellationTokenRegistration registration = stop.Register(_wait.WakeUp);
        using DecisionLog? log = _configuration.DecisionLog is { } path ? new DecisionLog(path) : null;
        while (true)
        {
            SendDue(log);
            if (stop.IsCancellationRequested)
            {
                if (_held.Count == 0)
                    return;
                WaitForDeadline();
                continue;
            }
            bool received = TakeIn(_clientSide, _toServer, log);
            received |= TakeIn(_serverSide, _toClient, log);
            if (!received)
                _wait.Wait(_held.TryPeek(out _, out (long DeadlineNs, long) first) ? first.DeadlineNs : null);
        }
    }

    /// <summary>From now on drops packets because of what is on them, or takes that off; or no longer. Any thread.</summary>
    public void Drop(UnwantedPackets toServer, UnwantedPackets toClient) => (_toServer.Unwanted, _toClient.Unwanted) = (toServer, toClient);

    /// <summary>What was done so far. Any thread may ask.</summary>
    public RelayCounters Counters()
    {
        lock (_counting)
        {
            _toServer.Counters.KernelDrops = _clientSide.Drops();
            _toClient.Counters.KernelDrops = _serverSide.Drops();
            return new RelayCounters(_toServer.Counters with { }, _toClient.Counters with { }, _held.Count);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _clientSide.Dispose();
        _serverSide.Dispose();
        _wait.Dispose();
    }

    private bool TakeIn(PacketSocket input, RelayDirection direction, DecisionLog? log)
    {
        for (int i = 0; i < FramesInARow; i++)
        {
            int length = input.Receive(_frame, out byte packetType, out long arrivedAtUnixNs);
            if (length == 0)
                return i > 0;
            lock (_counting)
                Admit(_frame.AsSpan(0, length), packetType, arrivedAtUnixNs, direction, log);
        }
        return true;
    }

    private void Admit(Span<byte> frame, byte packetType, long arrivedAtUnixNs, RelayDirection direction, DecisionLog? log)
    {
        if (packetType != PacketToThisHost
            || !FrameInspector.TryInspect(frame[PacketSocket.VnetHeaderSize..], out FrameFacts facts)
            || !IsForwarded(facts.Flow))
        {
            direction.Counters.NotForwarded++;
            return;
        }
        // The delay counts from the kernel's time stamp, not from when this thread got round to the frame.
        long age = Math.Max(0, Libc.NowNs(Libc.ClockRealtime) - arrivedAtUnixNs);
        long arrivedAtNs = Libc.NowNs(Libc.ClockMonotonic) - age;
        if (!direction.TryAdmit(
            frame, facts, arrivedAtUnixNs, arrivedAtNs,
            out Decision decision, out PacketFate fate, out long deadlineNs, out bool duplicate))
        {
            direction.CountDrop(fate);
            log?.Write(direction.Name, decision, fate, frame[PacketSocket.VnetHeaderSize..], Libc.NowNs(Libc.ClockRealtime));
            return;
        }
        frame = frame[..direction.TakeOff(frame)];
        Hold(frame, direction, decision, deadlineNs);
        if (duplicate)
            Hold(frame, direction, decision with { Copy = 1 }, deadlineNs + direction.DuplicateLagNs);
    }

    private void Hold(ReadOnlySpan<byte> frame, RelayDirection direction, in Decision decision, long deadlineNs)
    {
        byte[] buffer = _buffers.Rent(frame.Length);
        frame.CopyTo(buffer);
        // Equal deadlines leave in the order of arrival.
        _held.Enqueue(new HeldFrame(buffer, frame.Length, direction, decision), (deadlineNs, _order++));
    }

    private void SendDue(DecisionLog? log)
    {
        while (_held.TryPeek(out _, out (long DeadlineNs, long) first)
            && first.DeadlineNs <= Libc.NowNs(Libc.ClockMonotonic))
        {
            lock (_counting)
            {
                HeldFrame held = _held.Dequeue();
                PacketFate fate = held.Direction.Send(held.Buffer.AsSpan(0, held.Length), held.Decision);
                log?.Write(
                    held.Direction.Name, held.Decision, fate, held.Buffer.AsSpan(0, held.Length)[PacketSocket.VnetHeaderSize..],
                    Libc.NowNs(Libc.ClockRealtime));
                _buffers.Return(held.Buffer);
            }
        }
    }

    private void WaitForDeadline()
    {
        if (!_held.TryPeek(out _, out (long DeadlineNs, long) first))
            return;
        // The wake-up descriptor stays readable once stopping has begun: poll would return at once.
        long left = first.DeadlineNs - Libc.NowNs(Libc.ClockMonotonic);
        if (left > 1_000_000)
            Thread.Sleep(TimeSpan.FromMilliseconds(left / 1_000_000));
        else
            _wait.Wait(first.DeadlineNs);
    }

    private bool IsForwarded(in FlowKey flow) =>
        !flow.Destination.IsMulticast && !flow.Destination.IsLinkLocal && !flow.Source.IsLinkLocal && !_own.Contains(flow.Destination);

    private static RelayDirection Direction(string name, PacketSocket output, RelayPort port, Impairments impairments) => new(
        name, output, InterfaceNamed(port.Interface).GetPhysicalAddress(), PhysicalAddress.Parse(port.NextHop), impairments);

    private static IEnumerable<Ipv6Address> OwnAddresses() => NetworkInterface.GetAllNetworkInterfaces()
        .SelectMany(i => i.GetIPProperties().UnicastAddresses)
        .Where(a => a.Address.AddressFamily == System.Net.Sockets.AddressFamily.InterNetworkV6)
        .Select(a => Ipv6Address.Read(a.Address.GetAddressBytes()));

    private static NetworkInterface InterfaceNamed(string name) =>
        NetworkInterface.GetAllNetworkInterfaces().First(i => i.Name == name);
}
