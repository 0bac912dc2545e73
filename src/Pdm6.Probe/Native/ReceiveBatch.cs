using System.Runtime.InteropServices;
using Pdm6.Wire;

namespace Pdm6.Probe.Native;

/// <summary>Takes in many datagrams with one system call (<c>recvmmsg</c>).</summary>
internal sealed unsafe class ReceiveBatch(int capacity, int payloadSize) : IDisposable
{
    private readonly MessageBuffers _buffers = new(capacity, payloadSize);
    private int _filled = capacity; // messages that the kernel wrote to, and that must be made ready again

    /// <summary>Datagrams in one batch at most.</summary>
    internal int Capacity => _buffers.Capacity;

    /// <summary>Takes in what has come, at most a batch; returns how many.</summary>
    /// <exception cref="ProbeException">The socket failed.</exception>
    internal int Receive(DatagramSocket socket)
    {
        _buffers.PrepareToReceive(_filled);
        int count = Libc.recvmmsg(socket.Descriptor, _buffers.Messages, (uint)Capacity, Libc.MessageDoNotWait, null);
        _filled = Math.Max(count, 0);
        if (count >= 0)
            return count;
        int error = Marshal.GetLastPInvokeError();
        // Any other error is an ICMPv6 message about something sent before, which the error queue tells in full.
        return error is Libc.TryAgain or Libc.Interrupted || IcmpError.IsNetworkError(error)
            ? 0
            : throw new ProbeException($"Receiving failed: {Marshal.GetPInvokeErrorMessage(error)}.");
    }

    /// <summary>One datagram of the last batch.</summary>
    internal ReceivedDatagram this[int index]
    {
        get
        {
            ref BatchMessage message = ref _buffers.Messages[index];
            ReceivedDatagram datagram = new()
            {
                Payload = _buffers.Payload(index)[..(int)Math.Min(message.Length, (uint)payloadSize)],
                IsTruncated = (message.Flags & Libc.MessageTruncated) != 0,
                Source = Endpoint.From(_buffers.Name(index)),
            };
            ControlMessages control = new(_buffers.Control(index)[..(int)message.ControlLength]);
            while (control.TryReadNext(out int level, out int type, out ReadOnlySpan<byte> value))
                Read(level, type, value, ref datagram);
            return datagram;
        }
    }

    public void Dispose() => _buffers.Dispose();

    private static void Read(int level, int type, ReadOnlySpan<byte> value, ref ReceivedDatagram datagram)
    {
        switch (level, type)
        {
            case (Libc.SolSocket, Libc.Timestamping):
                datagram.StampedAtUnixNs = (ulong)MemoryMarshal.Read<TimeSpec>(value).ToNanoseconds();
                break;
            case (Libc.SolIpv6, Libc.Ipv6PacketInfo):
                PacketInfo info = MemoryMarshal.Read<PacketInfo>(value);
                datagram.Destination = Ipv6Address.Read(info.Address);
                datagram.InterfaceIndex = info.InterfaceIndex;
                break;
            case (Libc.SolIpv6, Libc.Ipv6HopLimit):
                datagram.HopLimit = (byte)MemoryMarshal.Read<int>(value);
                break;
            case (Libc.SolIpv6, Libc.Ipv6TrafficClass):
                datagram.TrafficClass = (byte)MemoryMarshal.Read<int>(value);
                break;
        }
    }
}
