using System.Net.Sockets;

namespace Pdm6.EndToEnd.Tests.Harm;

/// <summary>
/// UDP GSO: buffers that the kernel cuts into datagrams (UDP_SEGMENT). Every datagram is looked at; a buffer is answered
/// once all of it has come.
/// </summary>
/// <param name="name">What to call it.</param>
/// <param name="pace">Holds it back.</param>
/// <param name="way">From where to where.</param>
/// <param name="port">The port of the host that answers.</param>
/// <param name="segmentSizes">Sizes of the datagrams, in turn, octets.</param>
/// <param name="coalesce">Whether the host that answers takes super-packets in one piece (UDP_GRO).</param>
internal sealed class UdpSuperPackets(string name, Pace pace, Way way, int port, IReadOnlyList<int> segmentSizes, bool coalesce)
    : NumberedRequests(name, pace, window: 6, askAgain: false)
{
    private const int UdpLevel = 17, SegmentOption = 103, CoalesceOption = 104; // SOL_UDP, UDP_SEGMENT, UDP_GRO
    private const int MostSegments = 60, LargestBuffer = 64_000;
    private readonly byte[] _request = new byte[LargestBuffer];
    private readonly byte[] _answer = new byte[NumberedBody.SmallestSize];
    private readonly Dictionary<ulong, ulong> _arrived = []; // buffer to the bits of its segments
    private AnsweringSocket? _answering;

    protected override Socket Start()
    {
        Socket listening = way.ListenUdp(port);
        if (coalesce)
            listening.SetRawSocketOption(UdpLevel, CoalesceOption, BitConverter.GetBytes(1));
        _answering = new AnsweringSocket(listening, Take);
        return way.ConnectUdp(port);
    }

    protected override long StopAnswering() => _answering!.Stop();

    protected override void Ask(Socket socket, ulong number)
    {
        int size = SegmentSize(number), count = Segments(number), offset = 0;
        for (int index = 0; index < count; index++)
        {
            int octets = OctetsOf(number, index);
            NumberedBody.Write(_request.AsSpan(offset, octets), NumberOf(number, index));
            offset += octets;
        }
        socket.SetRawSocketOption(UdpLevel, SegmentOption, BitConverter.GetBytes(size));
        socket.Send(_request.AsSpan(0, offset));
    }

    protected override bool? Read(ReadOnlySpan<byte> answer, out ulong number) =>
        NumberedBody.TryRead(answer, out number) && answer.Length == NumberedBody.SmallestSize;

    private bool Take(ReadOnlySpan<byte> octets, SendAnswer answer)
    {
        bool first = true;
        while (octets.Length > 0)
        {
            if (octets.Length < NumberedBody.SmallestSize || (!first && !coalesce))
                return false;
            first = false;
            (ulong number, int index) = Parse(BitConverter.ToUInt64(octets));
            int size = OctetsOf(number, index);
            if (index >= Segments(number) || octets.Length < size || !NumberedBody.TryRead(octets[..size], out _))
                return false;
            Arrived(number, index, answer);
            octets = octets[size..];
        }
        return true;
    }

    private void Arrived(ulong number, int index, SendAnswer answer)
    {
        ulong bits = _arrived.GetValueOrDefault(number) | 1UL << index;
        _arrived[number] = bits;
        if (bits != (1UL << Segments(number)) - 1)
            return;
        _arrived.Remove(number);
        NumberedBody.Write(_answer, number);
        answer(_answer);
    }

    private static ulong NumberOf(ulong number, int index) => number * MostSegments + (uint)index;

    private static (ulong Number, int Index) Parse(ulong name) => (name / MostSegments, (int)(name % MostSegments));

    private int SegmentSize(ulong number) => segmentSizes[(int)(number % (uint)segmentSizes.Count)];

    private int Segments(ulong number) => Math.Min(MostSegments, LargestBuffer / SegmentSize(number));

    // The last one is shorter, where it can be.
    private int OctetsOf(ulong number, int index) => index < Segments(number) - 1
        ? SegmentSize(number)
        : Math.Max(NumberedBody.SmallestSize, SegmentSize(number) / 2);
}
