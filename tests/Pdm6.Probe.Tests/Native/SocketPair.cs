using Pdm6.Probe.Native;
using Pdm6.Wire;

namespace Pdm6.Probe.Tests.Native;

/// <summary>Two sockets on loopback, and what the error queue of the first told.</summary>
internal sealed class SocketPair : IDisposable, IErrorQueueReader
{
    internal static readonly Ipv6Address Loopback = Ipv6Address.Parse("::1");
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(10);

    private readonly SendBatch _sending = new(Batch, PayloadSize);
    private readonly ErrorQueue _errors = new();

    internal const int Batch = 16, PayloadSize = 512;

    internal SocketPair(DatagramSocketOptions? first = null, DatagramSocketOptions? second = null)
    {
        First = DatagramSocket.Open(first ?? new DatagramSocketOptions { TransmitStamping = TransmitStamping.Every });
        Second = DatagramSocket.Open(second ?? new DatagramSocketOptions());
    }

    internal DatagramSocket First { get; }

    internal DatagramSocket Second { get; }

    internal ReceiveBatch Received { get; } = new(Batch, PayloadSize);

    internal List<TransmitStamp> Stamps { get; } = [];

    internal List<IcmpError> IcmpErrors { get; } = [];

    internal Endpoint ToSecond => new(Loopback, Second.Port);

    internal int Send(Endpoint destination, uint flowLabel, params byte[][] payloads)
    {
        foreach (byte[] payload in payloads)
        {
            payload.CopyTo(_sending.Next);
            _sending.Add(payload.Length, destination.ToSocketAddress(flowLabel));
        }
        return _sending.Send(First);
    }

    /// <summary>Waits until the second socket has <paramref name="count"/> datagrams and takes them.</summary>
    internal int Receive(int count)
    {
        using SocketWait wait = new(Second);
        long until = SystemClock.MonotonicNs + (long)s_patience.TotalNanoseconds;
        int received;
        do
        {
            wait.Wait(until);
            received = Received.Receive(Second);
        }
        while (received < count && SystemClock.MonotonicNs < until);
        return received;
    }

    internal void DrainErrors() => _errors.Drain(First, this);

    public void OnTransmitStamp(TransmitStamp stamp) => Stamps.Add(stamp);

    public void OnIcmpError(in IcmpError error) => IcmpErrors.Add(error);

    public void Dispose()
    {
        _sending.Dispose();
        _errors.Dispose();
        Received.Dispose();
        First.Dispose();
        Second.Dispose();
    }
}
