using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Pdm6.Security.Native;

/// <summary>Makes the names in a directory durable. .NET opens no directories.</summary>
internal static partial class DirectorySync
{
    private const int InvalidArgument = 22;

    /// <summary>Returns when names that were added, moved or removed are on the disk.</summary>
    /// <exception cref="IOException">The directory cannot be opened, or the disk fails.</exception>
    public static void Flush(string path)
    {
        using SafeFileHandle handle = KeyFileHandle.Open(path, out int error);
        if (handle.IsInvalid)
            throw new IOException($"'{path}' cannot be opened ({Marshal.GetPInvokeErrorMessage(error)}): check the directory.");
        // Some file systems cannot (fsync(2), EINVAL); they have nothing to be waited for.
        if (Synchronize(handle) != 0 && Marshal.GetLastPInvokeError() is not InvalidArgument and var cause)
            throw new IOException($"'{path}' cannot be written ({Marshal.GetPInvokeErrorMessage(cause)}): check the disk.");
    }

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static partial int Synchronize(SafeFileHandle handle);
}
