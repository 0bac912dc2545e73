using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Pdm6.Datapath.Abi;
using Pdm6.Datapath.Native;

namespace Pdm6.Datapath;

/// <summary>Turns the ring buffer's records into calls of a sink.</summary>
internal sealed class RecordReader : IDisposable
{
    private readonly RingBuffer _ring;
    private readonly RecordHandler _handler;
    private IRecordSink? _sink;
    private long _unixMinusBootNs;

    internal RecordReader(BpfMap records)
    {
        _ring = new RingBuffer(records);
        _handler = Handle; // one delegate for all drains
    }

    internal void Wait(TimeSpan timeout) => _ring.Wait(timeout);

    internal int Drain(IRecordSink sink, long unixMinusBootNs, int maxRecords)
    {
        ArgumentNullException.ThrowIfNull(sink);
        (_sink, _unixMinusBootNs) = (sink, unixMinusBootNs);
        return _ring.Drain(_handler, maxRecords);
    }

    public void Dispose() => _ring.Dispose();

    private void Handle(ReadOnlySpan<byte> record)
    {
        AbiRecordKind kind = (AbiRecordKind)MemoryMarshal.Read<uint>(record);
        if (kind == AbiRecordKind.Observation && record.Length >= Unsafe.SizeOf<AbiObservation>())
            _sink!.Observed(MemoryMarshal.AsRef<AbiObservation>(record).ToObservation(_unixMinusBootNs));
        else if (kind == AbiRecordKind.FrameObservation && record.Length >= Unsafe.SizeOf<AbiFrameObservation>())
            _sink!.Observed(MemoryMarshal.AsRef<AbiFrameObservation>(record).ToObservation(_unixMinusBootNs));
        else if (kind == AbiRecordKind.UnknownPair && record.Length >= Unsafe.SizeOf<AbiUnknownPair>())
            _sink!.UnknownPair(MemoryMarshal.AsRef<AbiUnknownPair>(record).Pair.ToAddressPair());
        else if (kind == AbiRecordKind.BusyFlow && record.Length >= Unsafe.SizeOf<AbiBusyFlow>())
            Report(MemoryMarshal.AsRef<AbiBusyFlow>(record));
        else
            throw new DatapathException($"The kernel program sent a record of kind {(uint)kind} and {record.Length} octets, which it cannot have.");
    }

    private void Report(in AbiBusyFlow busy) => 
        _sink!.Busy(new BusyFlow(busy.Flow.ToFlowKey(), busy.Serial, busy.Epoch, (PacketCarriage)busy.Carriage));
}
