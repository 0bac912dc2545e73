namespace Pdm6.Codec;

/// <summary>Keeps the value that was asked for last, and disposes it when another is asked for.</summary>
internal sealed class Last<TKey, TValue> : IDisposable
    where TKey : struct, IEquatable<TKey>
    where TValue : class, IDisposable
{
    private TKey _key;
    private TValue? _value;

    public TValue Get(TKey key, Func<TKey, TValue> make)
    {
        if (_value is not null && _key.Equals(key))
            return _value;
        Dispose();
        _value = make(key);
        _key = key;
        return _value;
    }

    public void Dispose()
    {
        _value?.Dispose();
        _value = null;
    }
}
