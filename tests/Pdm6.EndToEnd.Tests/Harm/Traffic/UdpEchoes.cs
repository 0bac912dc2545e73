using System.Net.Sockets;

namespace Pdm6.EndToEnd.Tests.Harm;

/// <summary>Datagrams of many sizes that come back as they were.</summary>
/// <param name="name">What to call it.</param>
/// <param name="pace">Holds it back.</param>
/// <param name="way">From where to where.</param>
/// <param name="port">The port of the host that answers.</param>
/// <param name="sizes">Sizes of the data, in turn, octets.</param>
/// <param name="window">Requests under way at a time.</param>
/// <param name="askAgain">See <see cref="NumberedRequests"/>.</param>
internal sealed class UdpEchoes(string name, Pace pace, Way way, int port, IReadOnlyList<int> sizes, int window, bool askAgain = false)
    : NumberedRequests(name, pace, window, askAgain)
{
    private readonly byte[] _request = new byte[ushort.MaxValue];
    private AnsweringSocket? _answering;

    protected override Socket Start()
    {
        _answering = new AnsweringSocket(way.ListenUdp(port), (datagram, answer) =>
        {
            if (Read(datagram, out _) != true)
                return false;
            answer(datagram);
            return true;
        });
        return way.ConnectUdp(port);
    }

    protected override long StopAnswering() => _answering!.Stop();

    protected override void Ask(Socket socket, ulong number)
    {
        Span<byte> request = _request.AsSpan(0, SizeOf(number));
        NumberedBody.Write(request, number);
        socket.Send(request);
    }

    protected override bool? Read(ReadOnlySpan<byte> answer, out ulong number) =>
        NumberedBody.TryRead(answer, out number) && answer.Length == SizeOf(number);

    private int SizeOf(ulong number) => sizes[(int)(number % (uint)sizes.Count)];
}
