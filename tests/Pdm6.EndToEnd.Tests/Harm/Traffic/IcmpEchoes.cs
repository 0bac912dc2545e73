using System.Buffers.Binary;
using System.Net.Sockets;

namespace Pdm6.EndToEnd.Tests.Harm;

/// <summary>What ping does, with data of many sizes; the other host's kernel answers.</summary>
/// <param name="name">What to call it.</param>
/// <param name="pace">Holds it back.</param>
/// <param name="way">From where to where.</param>
/// <param name="identifier">Tells its answers from those of others on the same host.</param>
/// <param name="sizes">Sizes of the data, in turn, octets.</param>
/// <param name="window">Requests under way at a time.</param>
/// <param name="askAgain">See <see cref="NumberedRequests"/>.</param>
internal sealed class IcmpEchoes(string name, Pace pace, Way way, ushort identifier, IReadOnlyList<int> sizes, int window, bool askAgain = false)
    : NumberedRequests(name, pace, window, askAgain)
{
    private const int HeaderSize = 8;
    private const byte EchoRequest = 128, EchoReply = 129;
    private readonly byte[] _request = new byte[ushort.MaxValue];

    protected override Socket Start() => way.ConnectIcmp();

    protected override long StopAnswering() => 0; // the other host's kernel answers, whatever comes

    protected override void Ask(Socket socket, ulong number)
    {
        Span<byte> request = _request.AsSpan(0, HeaderSize + SizeOf(number));
        request[..HeaderSize].Clear();
        request[0] = EchoRequest;
        BinaryPrimitives.WriteUInt16BigEndian(request[4..], identifier);
        BinaryPrimitives.WriteUInt16BigEndian(request[6..], (ushort)number);
        NumberedBody.Write(request[HeaderSize..], number);
        socket.Send(request);
    }

    protected override bool? Read(ReadOnlySpan<byte> answer, out ulong number)
    {
        number = 0;
        if (answer.Length < HeaderSize || answer[0] != EchoReply || BinaryPrimitives.ReadUInt16BigEndian(answer[4..]) != identifier)
            return null; // raw sockets get everything: solicitations, errors, answers to others
        return NumberedBody.TryRead(answer[HeaderSize..], out number) && answer.Length == HeaderSize + SizeOf(number)
            && BinaryPrimitives.ReadUInt16BigEndian(answer[6..]) == (ushort)number;
    }

    private int SizeOf(ulong number) => sizes[(int)(number % (uint)sizes.Count)];
}
