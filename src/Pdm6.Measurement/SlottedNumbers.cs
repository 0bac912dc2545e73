using System.Runtime.CompilerServices;

namespace Pdm6.Measurement;

/// <summary>What a direction knows of its numbers in the <see cref="PacketTable"/>, so that most questions need no
/// hash.</summary>
internal struct SlottedNumbers
{
    /// <summary>Numbers that lie further apart cannot be put in order.</summary>
    private const uint MostSpan = 1 << 30;

    private Ring _recent;
    private uint _lowest, _highest;
    private uint _hashedGroup;
    private int _hashOfGroup;
    private bool _hasHash;
    private bool _hasAny, _isScattered;

    /// <summary>The slot that this number, or another one, was given lately.</summary>
    public readonly int Recent(uint psntp) => _recent[(int)(psntp % Ring.Size)];

    /// <summary>The number after the highest.</summary>
    public readonly uint Next => _highest + 1;

    /// <summary>See <see cref="FlowPlace.Fetch"/>.</summary>
    public readonly uint Fetch() => _highest + (uint)_recent[0] + (uint)_recent[Ring.Size - 1];

    /// <summary>True if the number is higher than any that was ever given a slot.</summary>
    public readonly bool IsBeyond(uint psntp) => (int)(psntp - _highest) > 0 ? !_isScattered : !_hasAny;

    /// <summary>What <see cref="SetHash"/> was told last, if it was of this group.</summary>
    public readonly bool TryGetHash(uint group, out int hash)
    {
        hash = _hashOfGroup;
        return _hasHash && group == _hashedGroup;
    }

    /// <summary>The hash of a group of numbers, for the next of the group.</summary>
    public void SetHash(uint group, int hash) => (_hasHash, _hashedGroup, _hashOfGroup) = (true, group, hash);

    /// <summary>True if the number follows the highest that was ever given a slot.</summary>
    public readonly bool IsNext(uint psntp) => psntp == _highest + 1 && _hasAny && !_isScattered;

    /// <summary>The number was given a slot.</summary>
    public void Add(uint psntp, int index)
    {
        _recent[(int)(psntp % Ring.Size)] = index;
        if (!_hasAny)
            (_hasAny, _lowest, _highest) = (true, psntp, psntp);
        else if ((int)(psntp - _highest) > 0)
            _highest = psntp;
        else if ((int)(psntp - _lowest) < 0)
            _lowest = psntp;
        _isScattered |= _highest - _lowest > MostSpan;
    }

    [InlineArray(Size)]
    private struct Ring
    {
        public const int Size = 16;
        private int _first;
    }
}
