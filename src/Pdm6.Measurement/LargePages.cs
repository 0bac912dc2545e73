using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Pdm6.Measurement;

/// <summary>Large arrays that are read here and there. In pages of 4 kB nearly every read would first have to look up where its
/// page is; so the kernel is asked for pages of 2 MB. It may have none: that costs time and nothing else.</summary>
public static partial class LargePages
{
    private const nint PageSize = 2 << 20;
    private const int UseHugePages = 14;

    /// <summary>An array that holds whatever was in its memory.</summary>
    /// <typeparam name="T">Something without references.</typeparam>
    /// <param name="length">Its length, elements.</param>
    public static unsafe T[] Allocate<T>(int length)
        where T : unmanaged
    {
        nint size = (nint)length * sizeof(T);
        if (size < 2 * PageSize || !OperatingSystem.IsLinux())
            return GC.AllocateUninitializedArray<T>(length);
        T[] array = GC.AllocateUninitializedArray<T>(length, pinned: true);
        nint start = (nint)Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(array));
        nint first = (start + PageSize - 1) & -PageSize;
        _ = madvise(first, (start + size - first) & -PageSize, UseHugePages);
        return array;
    }

    [LibraryImport("libc")]
    private static partial int madvise(nint address, nint length, int advice);
}
