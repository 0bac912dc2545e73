using System.Buffers;

namespace Pdm6.Codec.Lines;

/// <summary>
/// Reads lines and writes an answer for each, in order. Answers are written and flushed whenever no whole line is at
/// hand, so that another program can write one line and read one answer.
/// </summary>
public static class LineLoop
{
    /// <summary>The longest line that is read, octets, without its newline.</summary>
    public const int LongestLine = 1 << 20;

    private const int WriteSize = 64 * 1024;

    /// <summary>Answers every line of the input; returns at its end.</summary>
    /// <returns>False if some line asked for something that cannot be done.</returns>
    /// <exception cref="OperationCanceledException">It was asked to stop.</exception>
    /// <exception cref="IOException">The input cannot be read or the output cannot be written.</exception>
    public static async Task<bool> RunAsync(Stream input, Stream output, ILineCodec codec, CancellationToken stop)
    {
        ArgumentNullException.ThrowIfNull(input);
        ArgumentNullException.ThrowIfNull(output);
        ArgumentNullException.ThrowIfNull(codec);
        LineSplitter splitter = new(LongestLine);
        ArrayBufferWriter<byte> answers = new(WriteSize);
        bool allDone = true;
        while (true)
        {
            while (AnswerNext(splitter, codec, answers, ref allDone))
                if (answers.WrittenCount >= WriteSize)
                    await WriteAsync(answers, output, stop).ConfigureAwait(false);
            await WriteAsync(answers, output, stop).ConfigureAwait(false);
            await output.FlushAsync(stop).ConfigureAwait(false);

            // A read of a terminal or pipe cannot be cancelled; it is left behind when the program is to end.
            int count = await input.ReadAsync(splitter.Room, CancellationToken.None).AsTask().WaitAsync(stop).ConfigureAwait(false);
            splitter.Add(count);
            if (count > 0)
                continue;
            if (AnswerNext(splitter, codec, answers, ref allDone))
                await WriteAsync(answers, output, stop).ConfigureAwait(false);
            await output.FlushAsync(stop).ConfigureAwait(false);
            return allDone;
        }
    }

    private static bool AnswerNext(
        LineSplitter splitter, ILineCodec codec, ArrayBufferWriter<byte> answers, ref bool allDone)
    {
        if (!splitter.TryTake(out ReadOnlySpan<byte> line, out bool isTooLong))
            return false;
        allDone &= isTooLong ? codec.AnswerTooLong(answers) : codec.Answer(line, answers);
        answers.Write("\n"u8);
        return true;
    }

    private static async ValueTask WriteAsync(ArrayBufferWriter<byte> answers, Stream output, CancellationToken stop)
    {
        if (answers.WrittenCount == 0)
            return;
        await output.WriteAsync(answers.WrittenMemory, stop).ConfigureAwait(false);
        answers.ResetWrittenCount();
    }
}
