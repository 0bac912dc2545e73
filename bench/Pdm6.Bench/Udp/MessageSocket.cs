using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Pdm6.Bench;

/// <summary>A UDP socket that sends or takes small messages, many in one system call or each in one of its own.</summary>
internal sealed unsafe partial class MessageSocket : IDisposable
{
    /// <summary>Messages that are sent or taken together.</summary>
    public const int Batch = 64;

    private const int DoNotWait = 0x40;

    private readonly Socket _socket;
    private readonly MessageHeader* _headers;
    private readonly IoVector* _vectors;
    private readonly byte* _payload;
    private readonly int _payloadSize;

    // struct iovec
    [StructLayout(LayoutKind.Sequential)]
    private struct IoVector
    {
        public byte* Base;
        public nuint Length;
    }

    // struct mmsghdr; behind the flags comes the length of a received message, which is of no interest
    [StructLayout(LayoutKind.Sequential, Size = 64)]
    private struct MessageHeader
    {
        public void* Name;
        public uint NameLength;
        public IoVector* Vectors;
        public nuint VectorCount;
        public void* Control;
        public nuint ControlLength;
        public int Flags;
    }

    /// <summary>To be called in the namespace that the socket belongs to.</summary>
    public MessageSocket(IPEndPoint own, IPEndPoint? peer, int payloadSize)
    {
        _socket = new Socket(AddressFamily.InterNetworkV6, SocketType.Dgram, ProtocolType.Udp) { ReceiveBufferSize = 4 << 20 };
        _socket.Bind(own);
        if (peer is not null)
            _socket.Connect(peer);
        _headers = (MessageHeader*)NativeMemory.AllocZeroed(Batch, (nuint)sizeof(MessageHeader));
        _vectors = (IoVector*)NativeMemory.AllocZeroed(Batch, (nuint)sizeof(IoVector));
        _payloadSize = payloadSize;
        _payload = (byte*)NativeMemory.AllocZeroed((nuint)payloadSize); // what the messages hold is of no interest
        for (int i = 0; i < Batch; i++)
        {
            _vectors[i] = new IoVector { Base = _payload, Length = (nuint)payloadSize };
            _headers[i].Vectors = _vectors + i;
            _headers[i].VectorCount = 1;
        }
    }

    private int Descriptor => (int)_socket.SafeHandle.DangerousGetHandle();

    /// <summary>Sends a batch; returns how many the kernel took.</summary>
    /// <param name="oneByOne">By a system call for each message.</param>
    public int Send(bool oneByOne)
    {
        if (!oneByOne)
            return sendmmsg(Descriptor, _headers, Batch, 0);
        int descriptor = Descriptor, sent = 0;
        while (sent < Batch && send(descriptor, _payload, (nuint)_payloadSize, 0) == _payloadSize)
            sent++;
        return sent;
    }

    /// <summary>Takes what has arrived, at most a batch; returns how many.</summary>
    /// <param name="oneByOne">By a system call for each message.</param>
    public int Receive(bool oneByOne)
    {
        if (!oneByOne)
            return Math.Max(0, recvmmsg(Descriptor, _headers, Batch, DoNotWait, null));
        int descriptor = Descriptor, received = 0;
        while (received < Batch && recv(descriptor, _payload, (nuint)_payloadSize, DoNotWait) == _payloadSize)
            received++;
        return received;
    }

    public void Dispose()
    {
        _socket.Dispose();
        NativeMemory.Free(_headers);
        NativeMemory.Free(_vectors);
        NativeMemory.Free(_payload);
    }

    [LibraryImport("libc")]
    private static partial nint send(int descriptor, void* message, nuint length, int flags);
    [LibraryImport("libc")]
    private static partial nint recv(int descriptor, void* message, nuint length, int flags);
    [LibraryImport("libc")]
    private static partial int sendmmsg(int descriptor, MessageHeader* messages, uint count, int flags);
    [LibraryImport("libc")]
    private static partial int recvmmsg(int descriptor, MessageHeader* messages, uint count, int flags, void* timeout);
}
