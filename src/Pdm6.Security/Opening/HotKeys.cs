using System.Numerics;

namespace Pdm6.Security.Opening;

/// <summary>
/// Expanded keys of the pairs that are being opened right now, one place for many session slots: a new one displaces
/// the old. Making one again costs about as much as opening two options.
/// </summary>
internal sealed class HotKeys : IDisposable
{
    private readonly ShortAesGcm?[] _keys;
    private readonly int[] _slots; // slot + 1, 0 if the place is empty

    public HotKeys(int count)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        int places = (int)BitOperations.RoundUpToPowerOf2((uint)count);
        _keys = new ShortAesGcm?[places];
        _slots = new int[places];
    }

    /// <summary>Counts the keys that came in; while it stands still, none was displaced.</summary>
    public int Changes { get; private set; }

    /// <summary>The key of a session slot, expanded now if its place holds another's.</summary>
    public ShortAesGcm Get(int slot, ReadOnlySpan<byte> key)
    {
        int place = slot & (_slots.Length - 1);
        return _slots[place] == slot + 1 ? _keys[place]! : Expand(place, slot, key);
    }

    /// <summary>Ahead of <see cref="Get"/>: the memory that the slot's key has or will take.</summary>
    public void Prefetch(int slot) => _keys[slot & (_keys.Length - 1)]?.Prefetch();

    /// <summary>True while the place of a slot holds its key.</summary>
    public bool Holds(int slot) => _slots[slot & (_slots.Length - 1)] == slot + 1;

    /// <summary>Zeroes the key of a slot, if it is here.</summary>
    public void Forget(int slot)
    {
        if (!Holds(slot))
            return;
        int place = slot & (_slots.Length - 1);
        _slots[place] = 0;
        Changes++;
        _keys[place]!.Dispose();
    }

    private ShortAesGcm Expand(int place, int slot, ReadOnlySpan<byte> key)
    {
        Changes++;
        if (_keys[place] is { } gcm)
            gcm.Rekey(key);
        else
            _keys[place] = gcm = ShortAesGcm.Create(key);
        _slots[place] = slot + 1;
        return gcm;
    }

    public void Dispose()
    {
        Array.Clear(_slots);
        foreach (ShortAesGcm? key in _keys)
            key?.Dispose();
    }
}
