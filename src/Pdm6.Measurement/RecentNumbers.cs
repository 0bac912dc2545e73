using System.Runtime.CompilerServices;

namespace Pdm6.Measurement;

/// <summary>The last four numbers that were put in.</summary>
internal struct RecentNumbers
{
    private Ring _numbers;
    private int _count;

    public void Add(uint number) => _numbers[_count++ % Ring.Size] = number;

    public readonly bool Contains(uint number)
    {
        for (int i = 0; i < Math.Min(_count, Ring.Size); i++)
        {
            if (_numbers[i] == number)
                return true;
        }
        return false;
    }

    [InlineArray(Size)]
    private struct Ring
    {
        public const int Size = 4;
        private uint _first;
    }
}
