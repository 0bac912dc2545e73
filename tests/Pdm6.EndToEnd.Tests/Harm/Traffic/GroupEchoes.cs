using System.Net;
using System.Net.Sockets;
using Pdm6.Lab;

namespace Pdm6.EndToEnd.Tests.Harm;

/// <summary>Datagrams to a multicast group; a member on the same link sends each back.</summary>
/// <param name="name">What to call it.</param>
/// <param name="pace">Holds it back.</param>
/// <param name="from">Who sends.</param>
/// <param name="source">Its address.</param>
/// <param name="member">Who is a member.</param>
/// <param name="group">The group.</param>
/// <param name="port">The member's port.</param>
internal sealed class GroupEchoes(string name, Pace pace, LinkEnd from, IPAddress source, LinkEnd member, IPAddress group, int port)
    : NumberedRequests(name, pace, window: 8, askAgain: false)
{
    private const int LargestSize = 1232;
    private readonly byte[] _request = new byte[LargestSize];
    private readonly SocketAddress _group = new IPEndPoint(group, port).Serialize();
    private AnsweringSocket? _answering;

    protected override Socket Start()
    {
        Socket listening = member.Namespace.Within(() =>
        {
            Socket socket = Way.Bind(IPAddress.IPv6Any, port, SocketType.Dgram, ProtocolType.Udp);
            socket.SetSocketOption(SocketOptionLevel.IPv6, SocketOptionName.AddMembership, new IPv6MulticastOption(group, IndexOf(member)));
            return socket;
        });
        _answering = new AnsweringSocket(listening, (datagram, answer) =>
        {
            answer(datagram);
            return NumberedBody.TryRead(datagram, out _);
        });
        return from.Namespace.Within(() =>
        {
            Socket socket = Way.Bind(source, 0, SocketType.Dgram, ProtocolType.Udp);
            socket.SetSocketOption(SocketOptionLevel.IPv6, SocketOptionName.MulticastInterface, IndexOf(from));
            return socket;
        });
    }

    protected override long StopAnswering() => _answering!.Stop();

    protected override void Ask(Socket socket, ulong number)
    {
        Span<byte> request = _request.AsSpan(0, SizeOf(number));
        NumberedBody.Write(request, number);
        socket.SendTo(request, SocketFlags.None, _group);
    }

    protected override bool? Read(ReadOnlySpan<byte> answer, out ulong number) =>
        NumberedBody.TryRead(answer, out number) && answer.Length == SizeOf(number);

    private static int SizeOf(ulong number) => NumberedBody.SmallestSize + (int)(number % (LargestSize - NumberedBody.SmallestSize + 1));

    private static int IndexOf(LinkEnd end) =>
        int.Parse(end.Namespace.Run("cat", $"/sys/class/net/{end.Interface}/ifindex"), System.Globalization.CultureInfo.InvariantCulture);
}
