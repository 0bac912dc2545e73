namespace Pdm6.Capture;

/// <summary>Gives the octets of a capture piece by piece. Reads ahead in large steps; a piece is seen in place.</summary>
internal sealed class BlockSource(Stream stream) : IDisposable
{
    /// <summary>No frame and no block of an honest capture is longer.</summary>
    public const int MaxPiece = 16 << 20;

    /// <summary>Much for a call of the kernel, little for the second cache.</summary>
    private const int ReadSize = 1 << 17;
    private const int LeastReadSize = 1 << 12;

    private byte[] _buffer = new byte[stream.CanSeek ? (int)Math.Clamp(stream.Length, LeastReadSize, ReadSize) : ReadSize];
    private int _pieceStart;
    private int _next;
    private int _end;
    private bool _isAtEnd;

    /// <summary>Where the next piece begins, octets from the start.</summary>
    public long Position { get; private set; }

    /// <summary>The stream ended in the middle of its compression.</summary>
    public bool IsDamaged { get; private set; }

    /// <summary>Octets that were read ahead.</summary>
    public ReadOnlySpan<byte> Ahead => _buffer.AsSpan(_next, _end - _next);

    /// <summary>The last piece; valid until the next call.</summary>
    public ReadOnlySpan<byte> Last => _buffer.AsSpan(_pieceStart, _next - _pieceStart);

    /// <summary>Begins a piece of exactly so many octets. Fewer come only at the end of the stream.</summary>
    public ReadOnlySpan<byte> Read(int count)
    {
        _pieceStart = _next;
        return Extend(count);
    }

    /// <summary>Adds exactly so many octets to the last piece and returns the whole. Fewer come only at the end of the
    /// stream.</summary>
    public ReadOnlySpan<byte> Extend(int count)
    {
        if (_end - _next < count)
            Fill(count);
        int given = Math.Min(count, _end - _next);
        _next += given;
        Position += given;
        return Last;
    }

    /// <summary>Makes the next octets of <see cref="Ahead"/> a piece.</summary>
    public void Pass(int count)
    {
        _pieceStart = _next;
        _next += count;
        Position += count;
    }

    public void Dispose() => stream.Dispose();

    private void Fill(int count)
    {
        _buffer.AsSpan(_pieceStart, _end - _pieceStart).CopyTo(_buffer);
        (_next, _end, _pieceStart) = (_next - _pieceStart, _end - _pieceStart, 0);
        if (_buffer.Length < _next + count)
            Array.Resize(ref _buffer, Math.Max(_next + count, 2 * _buffer.Length));
        while (!_isAtEnd && _end - _next < count)
        {
            int read = ReadSome();
            _isAtEnd = read == 0;
            _end += read;
        }
    }

    private int ReadSome()
    {
        try
        {
            return stream.Read(_buffer.AsSpan(_end));
        }
        catch (InvalidDataException)
        {
            // What a decompressing stream says of damaged octets: no error of the caller's, and what came before counts.
            IsDamaged = true;
            return 0;
        }
    }
}
