namespace Pdm6.Registration.Storage;

/// <summary>Sequences have 64 bits and no sign, columns have a sign. The store only keeps them; it never compares.</summary>
internal static class StoredSequence
{
    /// <summary>Null before the first.</summary>
    public static ulong? Read(long stored) => stored == 0 ? null : unchecked((ulong)stored);

    public static long Write(ulong sequence) => unchecked((long)sequence);
}
