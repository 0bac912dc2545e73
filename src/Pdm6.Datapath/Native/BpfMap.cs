namespace Pdm6.Datapath.Native;

/// <summary>
/// A map in the kernel, with keys and values as blittable structs. A struct of another size than the map's is a
/// caller's mistake and throws.
/// </summary>
public sealed unsafe class BpfMap : IDisposable
{
    private readonly bool _ownsDescriptor;
    private bool _disposed;

    internal BpfMap(int descriptor, int keySize, int valueSize, uint maxEntries, string name, bool ownsDescriptor = false)
    {
        (Descriptor, KeySize, ValueSize, MaxEntries, Name) = (descriptor, keySize, valueSize, maxEntries, name);
        _ownsDescriptor = ownsDescriptor;
    }

    /// <summary>Its name in the object.</summary>
    public string Name { get; }
    /// <summary>Octets of a key.</summary>
    public int KeySize { get; }
    /// <summary>Octets of a value, of one processor's value in a per-processor map.</summary>
    public int ValueSize { get; }
    /// <summary>Entries that it has room for.</summary>
    public uint MaxEntries { get; }

    internal int Descriptor { get; }

    /// <summary>Makes a map outside an object: one to be put into a map of maps.</summary>
    internal static BpfMap Create(int type, string name, int keySize, int valueSize, uint maxEntries, uint flags = 0)
    {
        MapCreateOptions options = new() { Size = (nuint)sizeof(MapCreateOptions), MapFlags = flags };
        int descriptor = Libbpf.bpf_map_create(type, name, (uint)keySize, (uint)valueSize, maxEntries, &options);
        DatapathException.ThrowIfNegative(descriptor, $"Creating the map '{name}'");
        return new BpfMap(descriptor, keySize, valueSize, maxEntries, name, ownsDescriptor: true);
    }

    /// <summary>Sets the value of a key, whether it is there or not.</summary>
    public void Set<TKey, TValue>(in TKey key, in TValue value) where TKey : unmanaged where TValue : unmanaged =>
        DatapathException.ThrowIfNegative(Update(key, value, Libbpf.Any), $"Writing to the map '{Name}'");

    /// <summary>Adds a key; false if it is there already. An existing value is never changed.</summary>
    public bool TryAdd<TKey, TValue>(in TKey key, in TValue value) where TKey : unmanaged where TValue : unmanaged
    {
        int result = Update(key, value, Libbpf.NoExist);
        if (result == -Libc.ErrorExists)
            return false;
        DatapathException.ThrowIfNegative(result, $"Adding to the map '{Name}'");
        return true;
    }

    /// <summary>Looks a key up.</summary>
    public bool TryGet<TKey, TValue>(in TKey key, out TValue value) where TKey : unmanaged where TValue : unmanaged
    {
        RequireSizes(sizeof(TKey), sizeof(TValue));
        value = default;
        int result;
        fixed (TKey* keyPointer = &key)
        fixed (TValue* valuePointer = &value)
            result = Libbpf.bpf_map_lookup_elem(Descriptor, keyPointer, valuePointer);
        if (result == -Libc.ErrorNoEntry)
            return false;
        DatapathException.ThrowIfNegative(result, $"Reading the map '{Name}'");
        return true;
    }

    /// <summary>Removes a key; false if it was not there.</summary>
    public bool Remove<TKey>(in TKey key) where TKey : unmanaged
    {
        RequireSizes(sizeof(TKey), ValueSize);
        int result;
        fixed (TKey* keyPointer = &key)
            result = Libbpf.bpf_map_delete_elem(Descriptor, keyPointer);
        if (result == -Libc.ErrorNoEntry)
            return false;
        DatapathException.ThrowIfNegative(result, $"Removing from the map '{Name}'");
        return true;
    }

    /// <summary>Appends a value to a queue.</summary>
    public void Push<TValue>(in TValue value) where TValue : unmanaged
    {
        RequireSizes(0, sizeof(TValue));
        fixed (TValue* valuePointer = &value)
            DatapathException.ThrowIfNegative(
                Libbpf.bpf_map_update_elem(Descriptor, null, valuePointer, Libbpf.Any), $"Appending to the queue '{Name}'");
    }

    /// <summary>
    /// Reads an array in few system calls: <paramref name="values"/>.Length / <paramref name="valuesPerEntry"/>
    /// entries from the start. In a per-processor map an entry has one value for each possible processor.
    /// </summary>
    public void GetArray<TValue>(Span<TValue> values, int valuesPerEntry = 1) where TValue : unmanaged
    {
        if (valuesPerEntry == 1)
            RequireSizes(sizeof(uint), sizeof(TValue));
        uint[] keys = new uint[values.Length / valuesPerEntry];
        uint next;
        fixed (uint* keyPointer = keys)
        fixed (TValue* valuePointer = values)
        {
            uint read = 0;
            while (read < keys.Length)
            {
                uint count = (uint)keys.Length - read;
                int result = Libbpf.bpf_map_lookup_batch(
                    Descriptor, read == 0 ? null : &next, &next, keyPointer, valuePointer + read * valuesPerEntry, &count, null);
                read += count;
                // The end of the map is reported as "no entry", with the last entries already read.
                if (result == -Libc.ErrorNoEntry && read == keys.Length)
                    return;
                DatapathException.ThrowIfNegative(result, $"Reading the map '{Name}'");
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_disposed || !_ownsDescriptor)
            return;
        _disposed = true;
        _ = Libc.close(Descriptor); // Linux closes the descriptor whatever close returns
    }

    private int Update<TKey, TValue>(in TKey key, in TValue value, ulong flags) where TKey : unmanaged where TValue : unmanaged
    {
        RequireSizes(sizeof(TKey), sizeof(TValue));
        fixed (TKey* keyPointer = &key)
        fixed (TValue* valuePointer = &value)
            return Libbpf.bpf_map_update_elem(Descriptor, keyPointer, valuePointer, flags);
    }

    private void RequireSizes(int keySize, int valueSize)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        if (keySize != KeySize || valueSize != ValueSize)
            throw new ArgumentException(
                $"The map '{Name}' has keys of {KeySize} and values of {ValueSize} octets, not {keySize} and {valueSize}.");
    }
}
