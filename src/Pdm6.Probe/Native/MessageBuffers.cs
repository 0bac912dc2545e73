using System.Runtime.InteropServices;

namespace Pdm6.Probe.Native;

/// <summary>
/// The memory of a batch of messages: what <c>sendmmsg</c> and <c>recvmmsg</c> read and write, made once, outside the
/// reach of the garbage collector, so that no packet allocates.
/// </summary>
internal sealed unsafe class MessageBuffers : IDisposable
{
    private const nuint ControlSize = 256; // every control message that is asked for, and room for what a later kernel adds
    private const nuint CacheLine = 64;

    private readonly nuint _payloadSize;
    private readonly byte* _memory;
    private readonly SocketAddress* _names;
    private readonly IoVector* _vectors;
    private readonly byte* _controls;
    private readonly byte* _payloads;

    internal MessageBuffers(int capacity, int payloadSize)
    {
        Capacity = capacity;
        _payloadSize = (nuint)payloadSize;
        nuint count = (nuint)capacity;
        nuint messages = RoundUp(count * (nuint)sizeof(BatchMessage)), names = RoundUp(count * (nuint)sizeof(SocketAddress));
        nuint vectors = RoundUp(count * (nuint)sizeof(IoVector)), controls = count * ControlSize;
        _memory = (byte*)NativeMemory.AlignedAlloc(messages + names + vectors + controls + count * _payloadSize, CacheLine);
        Messages = (BatchMessage*)_memory;
        _names = (SocketAddress*)(_memory + messages);
        _vectors = (IoVector*)(_memory + messages + names);
        _controls = _memory + messages + names + vectors;
        _payloads = _controls + controls;
        NativeMemory.Clear(_memory, messages + names + vectors + controls);
        for (int i = 0; i < capacity; i++)
        {
            Messages[i].Name = _names + i;
            Messages[i].Vectors = _vectors + i;
            Messages[i].VectorCount = 1;
            Messages[i].Control = _controls + (nuint)i * ControlSize;
            _vectors[i].Base = _payloads + (nuint)i * _payloadSize;
        }
    }

    internal int Capacity { get; }

    internal BatchMessage* Messages { get; }

    /// <summary>The name of one message: where it came from or goes to.</summary>
    internal ref SocketAddress Name(int index) => ref _names[index];

    /// <summary>The whole room for the payload of one message.</summary>
    internal Span<byte> Payload(int index) => new(_vectors[index].Base, (int)_payloadSize);

    /// <summary>The whole room for the control messages of one message.</summary>
    internal Span<byte> Control(int index) => new(Messages[index].Control, (int)ControlSize);

    /// <summary>Makes the first <paramref name="count"/> messages ready to be filled by the kernel.</summary>
    internal void PrepareToReceive(int count)
    {
        for (int i = 0; i < count; i++)
        {
            Messages[i].NameLength = (uint)sizeof(SocketAddress);
            Messages[i].ControlLength = ControlSize;
            Messages[i].Flags = 0;
            _vectors[i].Length = _payloadSize;
        }
    }

    /// <summary>Says how much of one message's rooms is to be sent.</summary>
    internal void PrepareToSend(int index, int payloadSize, int controlSize)
    {
        Messages[index].NameLength = (uint)sizeof(SocketAddress);
        Messages[index].ControlLength = (nuint)controlSize;
        _vectors[index].Length = (nuint)payloadSize;
    }

    public void Dispose() => NativeMemory.AlignedFree(_memory);

    private static nuint RoundUp(nuint size) => (size + CacheLine - 1) & ~(CacheLine - 1);
}
