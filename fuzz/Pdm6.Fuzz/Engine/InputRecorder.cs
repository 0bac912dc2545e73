using System.Buffers.Binary;
using System.Text;

namespace Pdm6.Fuzz.Engine;

/// <summary>
/// Holds the input at hand in guarded memory whose octets a file keeps, so that an input that kills the process can be
/// recovered by the next one.
/// <code>
/// file:      room for the input: at its front if the position is a multiple of 4, else at its end
/// file.note: 0 size u32 | 4 position u64 | 16 target name, 0 behind it
/// </code>
/// </summary>
internal sealed class InputRecorder : IDisposable
{
    private const string NoteSuffix = ".note";
    private const int PageSize = 4096;
    private const int PositionOffset = 4, NameOffset = 16;

    private readonly FileStream _inputFile, _noteFile;
    private readonly GuardedMemory _input, _note;

    /// <param name="path">Of the file; a second one with <c>.note</c> behind its name says what is in it.</param>
    /// <param name="target">Name of the target.</param>
    /// <param name="largestInput">Octets of the longest input.</param>
    public InputRecorder(string path, string target, int largestInput)
    {
        _inputFile = new FileStream(path, FileMode.Create, FileAccess.ReadWrite);
        _noteFile = new FileStream(path + NoteSuffix, FileMode.Create, FileAccess.ReadWrite);
        _input = new GuardedMemory(largestInput, _inputFile);
        _note = new GuardedMemory(PageSize, _noteFile);
        Encoding.ASCII.GetBytes(target, Note[NameOffset..]);
    }

    private Span<byte> Note => _note.AtStart(PageSize);

    /// <summary>Takes an input over: at the front of the room one time in four, else at its end.</summary>
    /// <returns>The same octets, in guarded memory.</returns>
    public ReadOnlySpan<byte> Take(ReadOnlySpan<byte> input, long position)
    {
        Span<byte> place = (position & 3) == 0 ? _input.AtStart(input.Length) : _input.AtEnd(input.Length);
        input.CopyTo(place);
        BinaryPrimitives.WriteInt32BigEndian(Note, input.Length);
        BinaryPrimitives.WriteInt64BigEndian(Note[PositionOffset..], position);
        return place;
    }

    /// <summary>The position last taken, from any thread.</summary>
    public long Position => BinaryPrimitives.ReadInt64BigEndian(Note[PositionOffset..]);

    /// <summary>Lets go of the memory and deletes the files.</summary>
    public void Dispose()
    {
        _input.Dispose();
        _note.Dispose();
        _inputFile.Dispose();
        _noteFile.Dispose();
        Delete(_inputFile.Name);
    }

    /// <summary>Deletes what a process left behind.</summary>
    public static void Delete(string path)
    {
        File.Delete(path);
        File.Delete(path + NoteSuffix);
    }

    /// <summary>Reads what a process that died left behind; null if there is nothing.</summary>
    public static (string Target, long Position, byte[] Input)? Recover(string path)
    {
        if (!File.Exists(path) || !File.Exists(path + NoteSuffix))
            return null;
        byte[] room = File.ReadAllBytes(path), note = File.ReadAllBytes(path + NoteSuffix);
        int size = BinaryPrimitives.ReadInt32BigEndian(note);
        long position = BinaryPrimitives.ReadInt64BigEndian(note.AsSpan(PositionOffset));
        ReadOnlySpan<byte> name = note.AsSpan(NameOffset);
        name = name[..name.IndexOf((byte)0)];
        return (Encoding.ASCII.GetString(name), position, (position & 3) == 0 ? room[..size] : room[^size..]);
    }
}
