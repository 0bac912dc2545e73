namespace Pdm6.Codec.Lines;

/// <summary>
/// Cuts octets that come in pieces into lines. It holds one line at most, and of a line that is too long nothing: that
/// one is passed over up to its end. Lines lose a byte-order mark at the very start, and white space at their ends.
/// </summary>
internal sealed class LineSplitter(int longestLine)
{
    private const int FirstSize = 64 * 1024;

    private const int MostAround = 4; // a byte-order mark and a carriage return

    private static ReadOnlySpan<byte> ByteOrderMark => [0xef, 0xbb, 0xbf];
    private static ReadOnlySpan<byte> WhiteSpace => " \t\r"u8;

    private byte[] _buffer = new byte[FirstSize];
    private int _start; // of what was not taken yet
    private int _end;
    private int _searched; // no newline before this
    private bool _isFirst = true;
    private bool _isTooLong; // passing over a line
    private bool _isComplete;

    /// <summary>Where the next octets go; never empty.</summary>
    public Memory<byte> Room
    {
        get
        {
            if (_start > 0)
            {
                _buffer.AsSpan(_start.._end).CopyTo(_buffer);
                _end -= _start;
                _searched -= _start;
                _start = 0;
            }
            if (_end == _buffer.Length)
                Array.Resize(ref _buffer, 2 * _buffer.Length);
            return _buffer.AsMemory(_end);
        }
    }

    /// <summary>So many octets came to <see cref="Room"/>; 0 says that there are no more.</summary>
    public void Add(int count)
    {
        _end += count;
        _isComplete = count == 0;
    }

    /// <summary>Takes the next line; false if more octets are needed, or there are none.</summary>
    /// <param name="line">The line; good until the next call of anything here.</param>
    /// <param name="isTooLong">True if it was longer than allowed: then the line is empty.</param>
    public bool TryTake(out ReadOnlySpan<byte> line, out bool isTooLong)
    {
        line = default;
        isTooLong = false;
        int newline = _buffer.AsSpan(_searched.._end).IndexOf((byte)'\n');
        int end = newline < 0 ? _end : _searched + newline;
        _searched = end;
        if (end - _start > longestLine + MostAround)
            PassOver(end);
        if (newline < 0 && !_isComplete)
            return false;
        if (newline < 0 && _start == _end && !_isTooLong)
            return false; // the end of the input, not of a line
        isTooLong = _isTooLong;
        line = isTooLong ? default : Trim(_buffer.AsSpan(_start..end));
        _start = _searched = newline < 0 ? _end : end + 1;
        _isTooLong = _isFirst = false;
        if (line.Length <= longestLine)
            return true;
        line = default;
        isTooLong = true;
        return true;
    }

    private void PassOver(int end)
    {
        _isTooLong = true;
        _start = end;
    }

    private ReadOnlySpan<byte> Trim(ReadOnlySpan<byte> line)
    {
        if (_isFirst && line.StartsWith(ByteOrderMark))
            line = line[ByteOrderMark.Length..];
        return line.Trim(WhiteSpace);
    }
}
