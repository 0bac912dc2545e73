using System.Diagnostics;
using System.Runtime.InteropServices;
using Pdm6.Datapath.Native;

namespace Pdm6.Datapath;

/// <summary>
/// The consumer's end of a BPF ring buffer (Documentation/bpf/ringbuf.rst): a page with the consumer's position, a
/// page with the producers', and the data, mapped twice in a row so that no record is ever split.
/// <para>The kernel programs wake the consumer only when 64 KiB wait, so who drains must come by on a timer too.</para>
/// For one thread at a time.
/// </summary>
public sealed unsafe class RingBuffer : IDisposable
{
    private const uint Busy = 1u << 31;
    private const uint Discard = 1u << 30;
    private const uint HeaderSize = 8;
    // Giving space back costs a cache line that the producers want; full rings lose records. In between:
    private const uint ReleaseEvery = 16 << 10;

    private readonly int _descriptor;
    private readonly nuint _size;
    private readonly byte* _consumer;
    private readonly byte* _producer;
    private readonly byte* _data;
    private bool _disposed;

    /// <summary>Maps the ring of <paramref name="map"/>.</summary>
    /// <exception cref="DatapathException">The kernel refused to map it.</exception>
    public RingBuffer(BpfMap map)
    {
        ArgumentNullException.ThrowIfNull(map);
        _descriptor = map.Descriptor;
        _size = map.MaxEntries;
        int page = Environment.SystemPageSize;
        _consumer = Map((nuint)page, Libc.ProtectionRead | Libc.ProtectionWrite, 0);
        _producer = Map((nuint)page + 2 * _size, Libc.ProtectionRead, page);
        _data = _producer + page;
    }

    /// <summary>Octets that wait to be read.</summary>
    public long AvailableBytes => (long)(ProducerPosition - ConsumerPosition);

    private ulong ProducerPosition => Volatile.Read(ref *(ulong*)_producer);
    private ulong ConsumerPosition => Volatile.Read(ref *(ulong*)_consumer);

    /// <summary>Waits until records may be there, or the time is over.</summary>
    public void Wait(TimeSpan timeout)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        Libc.PollDescriptor poll = new() { Descriptor = _descriptor, Events = Libc.PollIn };
        if (Libc.poll(&poll, 1, (int)timeout.TotalMilliseconds) < 0 && Marshal.GetLastPInvokeError() != Libc.ErrorInterrupted)
            throw DatapathException.FromErrno(Marshal.GetLastPInvokeError(), "Waiting for records");
    }

    /// <summary>
    /// Hands every waiting record to <paramref name="handler"/>, at most <paramref name="maxRecords"/>, without
    /// waiting. Returns how many.
    /// </summary>
    public int Drain(RecordHandler handler, int maxRecords = int.MaxValue)
    {
        ArgumentNullException.ThrowIfNull(handler);
        ObjectDisposedException.ThrowIf(_disposed, this);
        ulong position = ConsumerPosition;
        ulong released = position;
        int records = 0;
        try
        {
            while (records < maxRecords && position < ProducerPosition)
            {
                byte* header = _data + (position & (_size - 1));
                uint word = Volatile.Read(ref *(uint*)header);
                if ((word & Busy) != 0)
                    break; // its producer is still writing; what follows must wait, for the order
                uint length = word & ~(Busy | Discard);
                position += (length + HeaderSize + 7) & ~7ul;
                Debug.Assert(length <= _size);
                if ((word & Discard) == 0)
                {
                    records++;
                    handler(new ReadOnlySpan<byte>(header + HeaderSize, (int)length));
                }
                if (position - released >= ReleaseEvery)
                    Release(released = position);
            }
        }
        finally
        {
            // A record whose handler threw is gone as well: the next call must not meet it again.
            Release(position);
        }
        return records;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_disposed)
            return;
        _disposed = true;
        _ = Libc.munmap(_consumer, (nuint)Environment.SystemPageSize);
        _ = Libc.munmap(_producer, (nuint)Environment.SystemPageSize + 2 * _size);
    }

    private void Release(ulong position) => Volatile.Write(ref *(ulong*)_consumer, position);

    private byte* Map(nuint length, int protection, int offset)
    {
        byte* address = Libc.mmap(null, length, protection, Libc.MapShared, _descriptor, offset);
        return (nint)address != -1
            ? address
            : throw DatapathException.FromErrno(Marshal.GetLastPInvokeError(), "Mapping the ring buffer");
    }
}
