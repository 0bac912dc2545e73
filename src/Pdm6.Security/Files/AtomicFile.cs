using Pdm6.Security.Native;

namespace Pdm6.Security.Files;

/// <summary>
/// A file that appears whole or not at all: written beside its place under another name, readable by its owner only, and
/// moved there by <see cref="Commit"/>. What is committed outlives a power cut.
/// </summary>
public sealed class AtomicFile : IDisposable
{
    /// <summary>How the names of files end that are not committed. A killed process leaves them.</summary>
    public const string UnfinishedSuffix = ".part";

    private readonly string _path;
    private readonly string _temporary;
    private readonly bool _overwrite;
    private bool _isCommitted;

    /// <param name="path">Where the file is to be.</param>
    /// <param name="overwrite">Replace what is there.</param>
    /// <exception cref="IOException">It is there already, or its directory cannot be written to. The message says
    /// what to do.</exception>
    public AtomicFile(string path, bool overwrite)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        _path = Path.GetFullPath(path);
        _overwrite = overwrite;
        ThrowIfThere();
        _temporary = $"{_path}.{Environment.ProcessId}-{Random.Shared.Next():x}{UnfinishedSuffix}";
        Stream = new FileStream(_temporary, new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.Write,
            BufferSize = 0,
            UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
        });
    }

    /// <summary>What to write to. Closed by <see cref="Commit"/> and by <see cref="Dispose"/>.</summary>
    public FileStream Stream { get; }

    /// <summary>Puts octets into a file, whole or not at all.</summary>
    /// <param name="path">Where.</param>
    /// <param name="content">All that the file will hold.</param>
    /// <param name="overwrite">Replace what is there.</param>
    /// <exception cref="IOException">It is there already, or it cannot be written. The message says what to
    /// do.</exception>
    public static void Write(string path, ReadOnlySpan<byte> content, bool overwrite)
    {
        using AtomicFile file = new(path, overwrite);
        file.Stream.Write(content);
        file.Commit();
    }

    /// <summary>Moves the file to its place.</summary>
    /// <exception cref="IOException">Something came to be there meanwhile, or the disk is full.</exception>
    public void Commit()
    {
        Stream.Flush(flushToDisk: true);
        Stream.Dispose();
        ThrowIfThere();
        File.Move(_temporary, _path, _overwrite);
        _isCommitted = true;
        // Until then only the file is safe, not its name.
        DirectorySync.Flush(Path.GetDirectoryName(_path)!);
    }

    /// <summary>Closes; what was not committed is removed.</summary>
    public void Dispose()
    {
        Stream.Dispose();
        if (!_isCommitted)
            File.Delete(_temporary);
    }

    private void ThrowIfThere()
    {
        if (!_overwrite && Path.Exists(_path))
            throw new IOException($"'{_path}' is there already: name another file, or add --force.");
    }
}
