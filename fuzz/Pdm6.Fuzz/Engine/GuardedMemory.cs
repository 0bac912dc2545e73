using System.ComponentModel;
using System.Runtime.InteropServices;

namespace Pdm6.Fuzz.Engine;

/// <summary>
/// Memory between two pages that nobody may touch: whoever reads or writes one octet too far kills the process there.
/// With a file behind it, what was in it is still there afterwards.
/// </summary>
internal sealed unsafe partial class GuardedMemory : IDisposable
{
    private const int PageSize = 4096;
    private const int ProtectionNone = 0, ProtectionReadWrite = 3;
    private const int Shared = 1, Private = 2, Fixed = 0x10, Anonymous = 0x20;
    private static readonly nint Failed = -1;

    private readonly byte* _reserved;
    private readonly int _pages;

    /// <summary>Room for at least so many octets.</summary>
    /// <param name="size">Octets.</param>
    /// <param name="file">Where the octets are kept, if anywhere; it is made as large as the room.</param>
    /// <exception cref="Win32Exception">The system refuses.</exception>
    public GuardedMemory(int size, FileStream? file = null)
    {
        _pages = (size + PageSize - 1) / PageSize;
        _reserved = Map(null, (_pages + 2) * PageSize, ProtectionNone, Private | Anonymous, -1);
        file?.SetLength(Size);
        Map(_reserved + PageSize, Size, ProtectionReadWrite, Fixed | (file is null ? Private | Anonymous : Shared),
            file is null ? -1 : (int)file.SafeFileHandle.DangerousGetHandle());
    }

    /// <summary>Octets that it holds.</summary>
    public int Size => _pages * PageSize;

    /// <summary>The last octets, directly before the guard.</summary>
    public Span<byte> AtEnd(int size)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(size, Size);
        return new Span<byte>(_reserved + PageSize + Size - size, size);
    }

    /// <summary>The first octets, directly behind the other guard.</summary>
    public Span<byte> AtStart(int size)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(size, Size);
        return new Span<byte>(_reserved + PageSize, size);
    }

    /// <summary>Gives the memory back.</summary>
    public void Dispose() => _ = munmap(_reserved, (nuint)((_pages + 2) * PageSize));

    private static byte* Map(byte* at, int size, int protection, int flags, int file)
    {
        byte* mapped = mmap(at, (nuint)size, protection, flags, file, 0);
        return mapped != (byte*)Failed ? mapped : throw new Win32Exception(Marshal.GetLastPInvokeError());
    }

    [LibraryImport("libc", SetLastError = true)]
    private static partial byte* mmap(byte* at, nuint size, int protection, int flags, int file, long offset);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int munmap(byte* at, nuint size);
}
