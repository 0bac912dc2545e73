using System.IO.Compression;

namespace Pdm6.Capture;

/// <summary>Opens capture files.</summary>
internal static class CaptureFile
{
    private static ReadOnlySpan<byte> GzipMagic => [0x1f, 0x8b];

    /// <summary>A stream over what the file holds; a file compressed with gzip is decompressed on the way.</summary>
    public static Stream OpenRead(string path)
    {
        FileStream file = OpenFile(path);
        return IsGzip(file) ? new GZipStream(file, CompressionMode.Decompress) : file;
    }

    /// <summary>The file itself, read in pieces that are large already: no buffer of the stream's own.</summary>
    public static FileStream OpenFile(string path) => new(path, new FileStreamOptions
    {
        Mode = FileMode.Open,
        Access = FileAccess.Read,
        Share = FileShare.ReadWrite,
        BufferSize = 0,
        Options = FileOptions.SequentialScan,
    });

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
