using System.Runtime.InteropServices;

namespace Pdm6.Datapath.Native;

/// <summary>System calls that .NET has no other door to.</summary>
internal static unsafe partial class Libc
{
    private const string Library = "libc";

    internal const int ProtectionRead = 1, ProtectionWrite = 2, MapShared = 1;
    internal const short PollIn = 1;
    internal const int ClockRealtime = 0, ClockBoottime = 7;
    internal const int ErrorNoEntry = 2, ErrorInterrupted = 4, ErrorExists = 17, ErrorNoDevice = 19, ErrorInvalid = 22;

    [StructLayout(LayoutKind.Sequential)]
    internal struct PollDescriptor
    {
        public int Descriptor;
        public short Events, Returned;
    }

    [StructLayout(LayoutKind.Sequential)]
    internal struct TimeSpecification
    {
        public long Seconds, Nanoseconds;
    }

    [LibraryImport(Library, SetLastError = true)]
    internal static partial byte* mmap(void* address, nuint length, int protection, int flags, int descriptor, nint offset);
    [LibraryImport(Library, SetLastError = true)]
    internal static partial int munmap(void* address, nuint length);
    [LibraryImport(Library, SetLastError = true)]
    internal static partial int poll(PollDescriptor* descriptors, nuint count, int timeoutMilliseconds);
    [LibraryImport(Library, SetLastError = true)]
    internal static partial int close(int descriptor);
    [LibraryImport(Library, SetLastError = true)]
    internal static partial int clock_gettime(int clock, TimeSpecification* time);
    [LibraryImport(Library, SetLastError = true)]
    internal static partial int socket(int family, int type, int protocol);
    [LibraryImport(Library, SetLastError = true)]
    internal static partial nint send(int descriptor, byte* data, nuint length, int flags);
    [LibraryImport(Library, SetLastError = true)]
    internal static partial nint recv(int descriptor, byte* data, nuint length, int flags);
    [LibraryImport(Library, SetLastError = true)]
    internal static partial int ioctl(int descriptor, nuint request, byte* argument);
    [LibraryImport(Library, SetLastError = true)]
    internal static partial int statx(int directory, byte* path, int flags, uint mask, byte* status);
    [LibraryImport(Library)]
    internal static partial int vsnprintf(byte* destination, nuint size, byte* format, void* arguments);
}
