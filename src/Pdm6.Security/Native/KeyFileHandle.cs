using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Pdm6.Security.Native;

/// <summary>
/// Opens a key file and looks at what was opened, not at what the name means a moment later. .NET can neither open
/// without waiting for the other end of a FIFO nor tell the file's kind.
/// </summary>
internal static partial class KeyFileHandle
{
    /// <summary>"No such file or directory".</summary>
    public const int NoEntry = 2;
    /// <summary>"Permission denied".</summary>
    public const int AccessDenied = 13;

    private const int ReadOnlyCloseOnExecNonBlocking = 0 | 0x80000 | 0x800;
    private const int EmptyPath = 0x1000;
    private const uint TypeModeAndUser = 0xb;
    private const int FileKindMask = 0xf000;
    private const int RegularFile = 0x8000;

    /// <summary>Opens for reading; on failure the handle is invalid and <paramref name="error"/> is errno.</summary>
    public static SafeFileHandle Open(string path, out int error)
    {
        SafeFileHandle handle = OpenFile(path, ReadOnlyCloseOnExecNonBlocking);
        error = handle.IsInvalid ? Marshal.GetLastPInvokeError() : 0;
        return handle;
    }

    /// <summary>True for a regular file; <paramref name="mode"/> receives its permission bits,
    /// <paramref name="owner"/> the number of the user it belongs to.</summary>
    /// <exception cref="IOException">The kernel refused to answer.</exception>
    public static bool IsRegularFile(SafeFileHandle handle, out UnixFileMode mode, out uint owner)
    {
        if (StatX(handle, "", EmptyPath, TypeModeAndUser, out StatxBuffer status) != 0)
            throw new IOException($"statx: {Marshal.GetLastPInvokeErrorMessage()}");
        owner = status.User;
        mode = (UnixFileMode)(status.Mode & 0xfff);
        return (status.Mode & FileKindMask) == RegularFile;
    }

    /// <summary>The number of the user that the kernel takes this process for.</summary>
    [LibraryImport("libc", EntryPoint = "geteuid")]
    public static partial uint EffectiveUser();

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial SafeFileHandle OpenFile(string path, int flags);

    [LibraryImport("libc", EntryPoint = "statx", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int StatX(
        SafeFileHandle directory, string path, int flags, uint mask, out StatxBuffer status);

    /// <summary><c>struct statx</c>, the same on every architecture.</summary>
    [StructLayout(LayoutKind.Explicit, Size = 256)]
    private struct StatxBuffer
    {
        [FieldOffset(20)]
        public uint User;
        [FieldOffset(28)]
        public ushort Mode;
    }
}
