using Pdm6.Security.Native;

namespace Pdm6.Security.Files;

/// <summary>Directories that hold secrets: mode 0700.</summary>
public static class PrivateDirectory
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    /// <summary>Makes the directory, and those above it; its name is on the disk afterwards. One that is there is taken
    /// as it is, if it is closed to others.</summary>
    /// <exception cref="IOException">It cannot be made, or is open to others. The message says what to do.</exception>
    public static void Create(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        string full = Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));
        if (Directory.Exists(full))
        {
            RequireClosed(full);
            return;
        }
        try
        {
            Directory.CreateDirectory(full, OwnerOnly);
            DirectorySync.Flush(Path.GetDirectoryName(full)!);
        }
        catch (UnauthorizedAccessException cause)
        {
            throw new IOException($"'{full}' cannot be made: run as root, or name another directory.", cause);
        }
    }

    /// <summary>Throws if others than the owner can come in.</summary>
    /// <exception cref="IOException">They can. The message says what to do.</exception>
    public static void RequireClosed(string path)
    {
        // Not closed here: it might be somebody's /etc, named by mistake.
        if ((File.GetUnixFileMode(path) & ~OwnerOnly) != 0)
            throw new IOException($"'{path}' is open to others than its owner: run chmod 700 '{path}', or name another directory.");
    }

    /// <summary>Keeps other processes from changing what is inside, until it is disposed of or the process ends,
    /// however it ends.</summary>
    /// <param name="path">The directory, which is there.</param>
    /// <exception cref="IOException">Another process holds it, or the directory cannot be written to. The message says
    /// what to do.</exception>
    public static IDisposable Lock(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        string lockFile = Path.Combine(path, ".lock");
        try
        {
            // .NET asks the kernel for flock(2); no lock outlives its process.
            return new FileStream(lockFile, new FileStreamOptions
            {
                Mode = FileMode.OpenOrCreate,
                Access = FileAccess.ReadWrite,
                Share = FileShare.None,
                UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
            });
        }
        catch (UnauthorizedAccessException cause)
        {
            throw new IOException($"'{path}' may not be written to: run as its owner.", cause);
        }
        catch (IOException cause) when (File.Exists(lockFile))
        {
            throw new IOException($"Another process is changing '{path}': wait until it is done.", cause);
        }
    }
}
