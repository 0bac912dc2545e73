using Pdm6.Security;
using Pdm6.Wire;

namespace Pdm6.Capture.Analysis;

/// <summary>Sealed destination options that wait to be opened together, several times as fast as one by one.</summary>
internal sealed class SealedBatch(OptionOpener opener)
{
    private const int Capacity = 128;

    private readonly Observation[] _observations = new Observation[Capacity];
    private readonly FlowRecord[] _records = new FlowRecord[Capacity];
    private readonly OpenResult[] _results = new OpenResult[Capacity];
    private readonly OpenedOption[] _opened = new OpenedOption[Capacity];

    public int Count { get; private set; }

    public bool IsFull => Count == Capacity;

    /// <summary>Takes one; there must be room.</summary>
    public void Add(FlowRecord record, in Observation observation)
    {
        _records[Count] = record;
        _observations[Count] = observation;
        Count++;
    }

    /// <summary>Opens all of them. What they came to stands until <see cref="Clear"/>.</summary>
    public void Open() => opener.OpenBatch(_observations.AsSpan(0, Count), _results, _opened);

    public void Clear() => Count = 0;

    public FlowRecord RecordAt(int index) => _records[index];
    public OpenResult ResultAt(int index) => _results[index];
    public ref readonly OpenedOption OpenedAt(int index) => ref _opened[index];
    public ref readonly Observation ObservationAt(int index) => ref _observations[index];
}
