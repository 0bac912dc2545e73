using System.Runtime.InteropServices;
using Pdm6.Wire;

namespace Pdm6.Probe.Native;

/// <summary>
/// Sends many datagrams with one system call (<c>sendmmsg</c>): write each into <see cref="Next"/>, say with
/// <see cref="Add(int, in SocketAddress)"/> where it goes, then <see cref="Send"/>.
/// </summary>
internal sealed unsafe class SendBatch(int capacity, int payloadSize) : IDisposable
{
    private readonly MessageBuffers _buffers = new(capacity, payloadSize);

    /// <summary>Datagrams added and not sent yet.</summary>
    internal int Count { get; private set; }

    /// <summary>True if no more can be added before <see cref="Send"/>.</summary>
    internal bool IsFull => Count == _buffers.Capacity;

    /// <summary>Room for the payload of the next datagram.</summary>
    internal Span<byte> Next => _buffers.Payload(Count);

    /// <summary>Adds the datagram in <see cref="Next"/>; the kernel chooses its source address.</summary>
    internal void Add(int size, in SocketAddress destination) => Add(size, destination, controlSize: 0);

    /// <summary>Adds the datagram in <see cref="Next"/>, from an address of this host and in a traffic class. With
    /// <paramref name="withStamp"/> the kernel says when it left, through a socket whose stamps are
    /// <see cref="TransmitStamping.OnRequest"/>.</summary>
    internal void Add(
        int size, in SocketAddress destination, in Ipv6Address source, int interfaceIndex, byte trafficClass, bool withStamp)
    {
        PacketInfo info = new() { InterfaceIndex = interfaceIndex };
        source.Write(info.Address);
        Span<byte> control = _buffers.Control(Count);
        int used = ControlMessages.Write(control, Libc.SolIpv6, Libc.Ipv6PacketInfo, info);
        used += ControlMessages.Write(control[used..], Libc.SolIpv6, Libc.Ipv6TrafficClass, (int)trafficClass);
        if (withStamp)
            used += ControlMessages.Write(control[used..], Libc.SolSocket, Libc.Timestamping, DatagramSocket.TransmitSoftware);
        Add(size, destination, used);
    }

    /// <summary>
    /// Sends all that was added and empties the batch. The kernel may refuse one: then it is told to
    /// <paramref name="onRefused"/> with its place in the batch, and the others are sent all the same.
    /// </summary>
    /// <returns>How many were sent.</returns>
    internal int Send(DatagramSocket socket, Action<int, SendRefusal>? onRefused = null)
    {
        int sent = 0;
        int next = 0;
        bool retried = false;
        while (next < Count)
        {
            int taken = Libc.sendmmsg(socket.Descriptor, _buffers.Messages + next, (uint)(Count - next), Libc.MessageDoNotWait);
            if (taken > 0)
            {
                (sent, next, retried) = (sent + taken, next + taken, false);
                continue;
            }
            int error = Marshal.GetLastPInvokeError();
            if (error == Libc.Interrupted)
                continue;
            // An ICMPv6 message about an earlier datagram fails the next call, whatever that sends.
            if (!retried && IcmpError.IsNetworkError(error))
            {
                retried = true;
                continue;
            }
            onRefused?.Invoke(next, new SendRefusal(error));
            (next, retried) = (next + 1, false);
        }
        Count = 0;
        return sent;
    }

    public void Dispose() => _buffers.Dispose();

    private void Add(int size, in SocketAddress destination, int controlSize)
    {
        _buffers.Name(Count) = destination;
        _buffers.PrepareToSend(Count, size, controlSize);
        Count++;
    }
}
