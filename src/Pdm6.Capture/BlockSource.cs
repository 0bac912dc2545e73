namespace Pdm6.Capture;

/// <summary>Gives the octets of a capture piece by piece, in one buffer that is used again.</summary>
internal sealed class BlockSource(Stream stream) : IDisposable
{
    /// <summary>No frame and no block of an honest capture is longer.</summary>
    public const int MaxPiece = 16 << 20;

    private byte[] _buffer = new byte[64 << 10];
    private int _length;

    /// <summary>Where the next piece begins, octets from the start.</summary>
    public long Position { get; private set; }

    /// <summary>The last piece.</summary>
    public ReadOnlySpan<byte> Last => _buffer.AsSpan(0, _length);

    /// <summary>
    /// Reads exactly so many octets, behind those that are kept of the last piece. The whole is valid until the next
    /// call. Fewer come only at the end of the stream.
    /// </summary>
    /// <param name="count">Octets to read; with <paramref name="keep"/> at most <see cref="MaxPiece"/>.</param>
    /// <param name="keep">Octets at the start of the last piece that the new ones follow.</param>
    public ReadOnlySpan<byte> Read(int count, int keep = 0)
    {
        if (_buffer.Length < keep + count)
            Array.Resize(ref _buffer, Math.Max(keep + count, 2 * _buffer.Length));
        int read = stream.ReadAtLeast(_buffer.AsSpan(keep, count), count, throwOnEndOfStream: false);
        Position += read;
        _length = keep + read;
        return Last;
    }

    public void Dispose() => stream.Dispose();
}
