using System.Buffers;
using System.IO.Pipelines;
using System.Text;
using Pdm6.Codec.Lines;

namespace Pdm6.Codec.Tests;

public sealed class LineLoopTests
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);

    [Theory]
    [InlineData("", "")]
    [InlineData("a", "[a]\n")]
    [InlineData("a\n", "[a]\n")]
    [InlineData("a\r\nb\r\n", "[a]\n[b]\n")]
    [InlineData("\n\na\n", "[]\n[]\n[a]\n")]
    [InlineData(" \t\r\n", "[]\n")]
    [InlineData("  a b \t", "[a b]\n")]
    [InlineData("\ufeffa\n\ufeffb\n", "[a]\n[\ufeffb]\n")]
    [InlineData("\ufeff", "[]\n")]
    [InlineData("a\rb\n", "[a\rb]\n")]
    public async Task RunAsync_Lines_AreAnsweredOneByOne(string input, string output)
    {
        Assert.Equal(output, await RunAsync(Encoding.UTF8.GetBytes(input), pieceSize: int.MaxValue));
        Assert.Equal(output, await RunAsync(Encoding.UTF8.GetBytes(input), pieceSize: 1));
    }

    [Theory]
    [InlineData(LineLoop.LongestLine, false)]
    [InlineData(LineLoop.LongestLine + 1, true)]
    [InlineData(20 * LineLoop.LongestLine, true)]
    public async Task RunAsync_LongLine_IsAnsweredWithinTheBoundAndPassedOverBeyond(int size, bool isTooLong)
    {
        byte[] line = new byte[size];
        Array.Fill(line, (byte)'x');
        string answer = isTooLong ? "too long\n" : $"[{new string('x', size)}]\n";
        Assert.Equal($"[a]\n{answer}[b]\n", await RunAsync([.. "a\n"u8, .. line, .. "\nb"u8], pieceSize: 100_000));
        Assert.Equal(answer, await RunAsync(line, pieceSize: int.MaxValue));
        if (!isTooLong)
            Assert.Equal(answer, await RunAsync([0xef, 0xbb, 0xbf, .. line, (byte)'\r', (byte)'\n'], pieceSize: 100_000));
    }

    [Fact]
    public async Task RunAsync_SomeLineCannotBeDone_SaysSoAtTheEnd()
    {
        using MemoryStream output = new();
        using MemoryStream good = new("a\nb\n"u8.ToArray()), bad = new("a\nbad\nb\n"u8.ToArray());
        Assert.True(await LineLoop.RunAsync(good, output, new Brackets(), CancellationToken.None));
        Assert.False(await LineLoop.RunAsync(bad, output, new Brackets(), CancellationToken.None));
    }

    [Fact]
    public async Task RunAsync_OneLineWritten_IsAnsweredBeforeTheNext()
    {
        Pipe questions = new(), answers = new();
        Task<bool> run = LineLoop.RunAsync(
            questions.Reader.AsStream(), answers.Writer.AsStream(), new Brackets(), CancellationToken.None);
        using StreamReader reader = new(answers.Reader.AsStream());
        for (int i = 0; i < 50; i++)
        {
            await questions.Writer.WriteAsync(Encoding.UTF8.GetBytes($"line {i}\n"));
            Assert.Equal($"[line {i}]", await reader.ReadLineAsync().WaitAsync(s_patience));
        }
        await questions.Writer.CompleteAsync();
        Assert.True(await run.WaitAsync(s_patience));
    }

    [Fact]
    public async Task RunAsync_AskedToStopWhileItWaits_Stops()
    {
        using CancellationTokenSource stop = new();
        Pipe questions = new();
        Task<bool> run = LineLoop.RunAsync(questions.Reader.AsStream(), Stream.Null, new Brackets(), stop.Token);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => run.WaitAsync(s_patience));
    }

    private static async Task<string> RunAsync(byte[] input, int pieceSize)
    {
        using PieceStream pieces = new(input, pieceSize);
        using MemoryStream output = new();
        await LineLoop.RunAsync(pieces, output, new Brackets(), CancellationToken.None);
        return Encoding.UTF8.GetString(output.ToArray());
    }

    /// <summary>Puts each line in brackets.</summary>
    private sealed class Brackets : ILineCodec
    {
        public bool Answer(ReadOnlySpan<byte> line, IBufferWriter<byte> answer)
        {
            answer.Write("["u8);
            answer.Write(line);
            answer.Write("]"u8);
            return !line.SequenceEqual("bad"u8);
        }

        public bool AnswerTooLong(IBufferWriter<byte> answer)
        {
            answer.Write("too long"u8);
            return false;
        }
    }

    /// <summary>Gives octets in pieces, as a pipe does.</summary>
    private sealed class PieceStream(byte[] octets, int pieceSize) : MemoryStream(octets)
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            base.ReadAsync(buffer[..Math.Min(buffer.Length, pieceSize)], cancellationToken);
    }
}
