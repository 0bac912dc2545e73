using System.Runtime.CompilerServices;

namespace Pdm6.Measurement;

/// <summary>Turnarounds that wait until it is known which side is the server.</summary>
internal struct HeldTurnarounds
{
    private Ring _held;

    public int Count { get; private set; }
    public readonly bool IsFull => Count == Ring.Size;

    public void Add(in HeldTurnaround turnaround) => _held[Count++] = turnaround;
    public readonly HeldTurnaround this[int index] => _held[index];
    public void Clear() => Count = 0;

    [InlineArray(Size)]
    private struct Ring
    {
        public const int Size = 8;
        private HeldTurnaround _first;
    }
}
