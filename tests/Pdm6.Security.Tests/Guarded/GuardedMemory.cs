using System.Runtime.InteropServices;

namespace Pdm6.Security.Tests.Guarded;

/// <summary>
/// Octets with an inaccessible page before and behind them. They lie directly behind the front page or directly before
/// the back page, so that whoever reads or writes one octet too many there faults.
/// </summary>
internal sealed unsafe partial class GuardedMemory : IDisposable
{
    private const int NoAccess = 0, ReadAndWrite = 3;
    private const int PrivateAnonymous = 0x22;
    private const int PagesBetween = 1;

    private readonly byte* _mapping;
    private readonly nuint _mappingSize;
    private readonly byte* _first;
    private readonly int _size;

    public GuardedMemory(int size, bool atBack)
    {
        int page = Environment.SystemPageSize;
        ArgumentOutOfRangeException.ThrowIfGreaterThan(size, PagesBetween * page);
        _size = size;
        _mappingSize = (nuint)((PagesBetween + 2) * page);
        _mapping = Map(null, _mappingSize, NoAccess, PrivateAnonymous, -1, 0);
        if ((nint)_mapping == -1 || Protect(_mapping + page, (nuint)(PagesBetween * page), ReadAndWrite) != 0)
            throw new InvalidOperationException(Marshal.GetLastPInvokeErrorMessage());
        _first = _mapping + page + (atBack ? PagesBetween * page - size : 0);
    }

    public Span<byte> Octets => new(_first, _size);

    /// <summary>A copy of some octets, guarded.</summary>
    public static GuardedMemory Of(ReadOnlySpan<byte> octets, bool atBack)
    {
        GuardedMemory memory = new(octets.Length, atBack);
        octets.CopyTo(memory.Octets);
        return memory;
    }

    public void Dispose()
    {
        if (Unmap(_mapping, _mappingSize) != 0)
            throw new InvalidOperationException(Marshal.GetLastPInvokeErrorMessage());
    }

    [LibraryImport("libc", EntryPoint = "mmap", SetLastError = true)]
    private static partial byte* Map(void* address, nuint size, int protection, int flags, int file, nint offset);

    [LibraryImport("libc", EntryPoint = "mprotect", SetLastError = true)]
    private static partial int Protect(void* address, nuint size, int protection);

    [LibraryImport("libc", EntryPoint = "munmap", SetLastError = true)]
    private static partial int Unmap(void* address, nuint size);
}
