using System.Runtime.InteropServices;
using Pdm6.Wire;

namespace Pdm6.Probe.Native;

/// <summary>
/// Empties the error queue of a socket: transmit time stamps and ICMPv6 errors. Linux stamps a datagram before it hands
/// it to the interface, so the stamp of a request is there before its reply can be.
/// </summary>
internal sealed unsafe class ErrorQueue : IDisposable
{
    private const int Batch = 64, QuotedOctets = 64;
    private const byte OriginIcmpv6 = 3, OriginTimestamping = 4; // SO_EE_ORIGIN_*

    private readonly MessageBuffers _buffers = new(Batch, QuotedOctets);

    /// <summary>Hands everything in the queue to <paramref name="reader"/>.</summary>
    /// <exception cref="ProbeException">The socket failed.</exception>
    internal void Drain(DatagramSocket socket, IErrorQueueReader reader)
    {
        int count;
        do
        {
            _buffers.PrepareToReceive(Batch);
            count = Libc.recvmmsg(
                socket.Descriptor, _buffers.Messages, Batch, Libc.MessageErrorQueue | Libc.MessageDoNotWait, null);
            if (count < 0 && Marshal.GetLastPInvokeError() is var error and not (Libc.TryAgain or Libc.Interrupted))
                throw new ProbeException($"The error queue cannot be read: {Marshal.GetPInvokeErrorMessage(error)}.");
            for (int i = 0; i < count; i++)
                Read(i, reader);
        }
        while (count == Batch);
    }

    public void Dispose() => _buffers.Dispose();

    private void Read(int index, IErrorQueueReader reader)
    {
        ulong stampedAtUnixNs = 0;
        ExtendedError error = default;
        Ipv6Address reporter = default;
        ControlMessages control = new(_buffers.Control(index)[..(int)_buffers.Messages[index].ControlLength]);
        while (control.TryReadNext(out int level, out int type, out ReadOnlySpan<byte> value))
        {
            if (level == Libc.SolSocket && type == Libc.Timestamping)
            {
                stampedAtUnixNs = (ulong)MemoryMarshal.Read<TimeSpec>(value).ToNanoseconds();
            }
            else if (level == Libc.SolIpv6 && type == Libc.Ipv6ReceiveErrors)
            {
                error = MemoryMarshal.Read<ExtendedError>(value);
                // The address of who reports follows the error.
                SocketAddress offender = MemoryMarshal.Read<SocketAddress>(value[sizeof(ExtendedError)..]);
                reporter = Ipv6Address.Read(offender.Address);
            }
        }
        if (error.Origin == OriginTimestamping && stampedAtUnixNs > 0)
            reader.OnTransmitStamp(new TransmitStamp(error.Data, stampedAtUnixNs));
        else if (error.Origin == OriginIcmpv6)
            reader.OnIcmpError(new IcmpError(Endpoint.From(_buffers.Name(index)), reporter, error.Type, error.Code));
    }
}
