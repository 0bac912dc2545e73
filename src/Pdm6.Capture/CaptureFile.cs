using System.IO.Compression;

namespace Pdm6.Capture;

/// <summary>Opens capture files.</summary>
internal static class CaptureFile
{
    private static ReadOnlySpan<byte> GzipMagic => [0x1f, 0x8b];

    /// <summary>Opens a file; no buffer of the stream's own, as it is read in large pieces.</summary>
    public static FileStream OpenRead(string path) => new(path, new FileStreamOptions
    {
        Mode = FileMode.Open,
        Access = FileAccess.Read,
        Share = FileShare.ReadWrite,
        BufferSize = 0,
        Options = FileOptions.SequentialScan,
    });

    /// <summary>A stream over what the file holds; one that is compressed with gzip is decompressed on the way.</summary>
    public static Stream Decompress(FileStream file) =>
        IsGzip(file) ? new GZipStream(file, CompressionMode.Decompress) : file;

    private static bool IsGzip(FileStream file)
    {
        // A pipe cannot be wound back; captures come through it as they are.
        if (!file.CanSeek)
            return false;
        Span<byte> magic = stackalloc byte[GzipMagic.Length];
        int read = file.ReadAtLeast(magic, magic.Length, throwOnEndOfStream: false);
        file.Position = 0;
        return magic[..read].SequenceEqual(GzipMagic);
    }
}
