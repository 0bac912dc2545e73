using System.Buffers;

namespace Pdm6.Codec.Lines;

/// <summary>Answers one line with one line.</summary>
public interface ILineCodec
{
    /// <summary>Writes the answer to a line, without its newline. Never throws for what is in the line.</summary>
    /// <param name="line">The line, without its newline and without white space around it.</param>
    /// <param name="answer">Where to.</param>
    /// <returns>False if the line asked for something that cannot be done.</returns>
    bool Answer(ReadOnlySpan<byte> line, IBufferWriter<byte> answer);

    /// <summary>Writes the answer to a line longer than <see cref="LineLoop.LongestLine"/>.</summary>
    /// <returns>False if that counts as something that cannot be done.</returns>
    bool AnswerTooLong(IBufferWriter<byte> answer);
}
