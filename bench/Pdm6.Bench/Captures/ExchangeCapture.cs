using System.Buffers.Binary;
using Pdm6.Capture;
using Pdm6.Wire;

namespace Pdm6.Bench;

/// <summary>
/// A capture of clients that ask a server over UDP and get answers, every packet with an option, sealed or clear: 64 octets of
/// payload, Ethernet. Flows take turns in random order. The secret that all hosts share lies beside it.
/// </summary>
internal sealed class ExchangeCapture
{
    private const ulong BetweenNs = 10_000, OneWayNs = 300_000, ServerNs = 500_000;
    private const int LinkHeaderSize = 14, OptionsSize = 48, UdpSize = 8 + 64;
    private const int FrameSize = LinkHeaderSize + Ipv6PacketView.FixedHeaderSize + OptionsSize + UdpSize;
    private const ushort ServerPort = 53, FirstPort = 40_000;
    private const int LinkTypeEthernet = 1;

    private readonly int _pairs;
    private readonly bool _isSealed;
    private readonly uint[] _asked;
    private readonly ulong[] _lastAskedNs;
    private readonly SealingHost _server;
    private readonly SealingHost[] _clients;

    private ExchangeCapture(int conversations, int pairs, ulong nowNs, byte[] baseSecret, bool isSealed)
    {
        (_pairs, _isSealed) = (pairs, isSealed);
        _asked = new uint[conversations];
        _lastAskedNs = new ulong[conversations];
        _server = new SealingHost("server", Address(1), nowNs, baseSecret);
        _clients = [.. Enumerable.Range(0, pairs).Select(client => new SealingHost($"client{client}", Address(2 + client), nowNs, baseSecret))];
    }

    /// <summary>Writes a capture.</summary>
    /// <param name="path">Where to.</param>
    /// <param name="packets">Packets, half of them answers.</param>
    /// <param name="flows">Half of them of questions, each from a port of its own, half of the answers.</param>
    /// <param name="clients">Clients: twice as many directed address pairs, each with a key.</param>
    /// <param name="baseSecret">Every host's secret.</param>
    /// <param name="isSealed">False: options in clear, with padding in the place of what they are shorter.</param>
    public static void Write(string path, int packets, int flows, int clients, byte[] baseSecret, bool isSealed = true)
    {
        ulong nowNs = UnixClock.NowNs;
        int conversations = flows / 2;
        ExchangeCapture maker = new(conversations, clients, nowNs, baseSecret, isSealed);
        Random random = new(7);
        PriorityQueue<byte[], ulong> answers = new();
        using PcapngWriter writer = new(File.Create(path));
        writer.BeginSection("pdm6-bench");
        int ethernet = writer.AddInterface(LinkTypeEthernet, 0);
        void WriteAnswers(ulong untilNs)
        {
            while (answers.TryPeek(out byte[]? answer, out ulong atNs) && atNs <= untilNs)
            {
                writer.WritePacket(ethernet, atNs, answer, FrameSize);
                answers.Dequeue();
            }
        }
        for (int exchange = 0; exchange < packets / 2; exchange++)
        {
            ulong askedNs = nowNs + (ulong)exchange * BetweenNs;
            WriteAnswers(askedNs);
            (byte[] question, byte[] answer) = maker.Exchange(random.Next(conversations), askedNs);
            writer.WritePacket(ethernet, askedNs, question, FrameSize);
            answers.Enqueue(answer, askedNs + ServerNs);
        }
        WriteAnswers(ulong.MaxValue);
    }

    // Both sides number from 0, so an answer has the number of its question. Captured at the server.
    private (byte[] Question, byte[] Answer) Exchange(int conversation, ulong askedNs)
    {
        const ulong AnsweredAfterNs = 2 * OneWayNs + ServerNs;
        uint number = _asked[conversation]++;
        ulong sinceNs = number == 0 ? 0 : Math.Max(askedNs - _lastAskedNs[conversation], AnsweredAfterNs + 1_000);
        _lastAskedNs[conversation] = askedNs;
        SealingHost client = _clients[conversation % _pairs];
        FlowKey request = new(client.Address, _server.Address, NextHeader.Udp, (ushort)(FirstPort + conversation / _pairs), ServerPort);
        request.TryReverse(out FlowKey answer);
        PdmMetrics asked = number == 0 ? default : new PdmMetrics(
            number - 1, number, PdmTime.FromNanoseconds(sinceNs - AnsweredAfterNs), PdmTime.FromNanoseconds(AnsweredAfterNs));
        PdmMetrics answered = new(
            number, number, PdmTime.FromNanoseconds(ServerNs), number == 0 ? default : PdmTime.FromNanoseconds(sinceNs - ServerNs));
        return (Frame(client, request, number, asked), Frame(_server, answer, number, answered));
    }

    private byte[] Frame(SealingHost sender, in FlowKey flow, uint psntp, in PdmMetrics metrics)
    {
        byte[] frame = new byte[FrameSize];
        BinaryPrimitives.WriteUInt16BigEndian(frame.AsSpan(12), 0x86dd);
        Span<byte> packet = frame.AsSpan(LinkHeaderSize);
        packet[0] = 0x60;
        BinaryPrimitives.WriteUInt16BigEndian(packet[4..], OptionsSize + UdpSize);
        (packet[6], packet[7]) = (NextHeader.DestinationOptions, 63);
        flow.Source.Write(packet[8..]);
        flow.Destination.Write(packet[24..]);
        Span<byte> options = packet[Ipv6PacketView.FixedHeaderSize..];
        (options[0], options[1]) = (NextHeader.Udp, OptionsSize / 8 - 1);
        int optionSize = _isSealed ? Pdmv2OptionView.ProtectedSize : Pdmv2OptionView.ClearSize;
        Span<byte> option = options.Slice(2, optionSize);
        if (_isSealed)
        {
            Span<byte> nonce = stackalloc byte[12];
            sender.Seal(flow, psntp, metrics, nonce, option);
        }
        else
        {
            Pdmv2OptionView.WriteHeader(option, Pdmv2OptionView.DefaultOptionType, isProtected: false, epoch: 0, psntp);
            metrics.Write(option[Pdmv2OptionView.AssociatedDataSize..]);
        }
        int padding = OptionsSize - 2 - optionSize;
        (options[2 + optionSize], options[3 + optionSize]) = (1, (byte)(padding - 2)); // PadN
        Span<byte> udp = options[OptionsSize..];
        BinaryPrimitives.WriteUInt16BigEndian(udp, flow.SourcePort);
        BinaryPrimitives.WriteUInt16BigEndian(udp[2..], flow.DestinationPort);
        BinaryPrimitives.WriteUInt16BigEndian(udp[4..], UdpSize);
        BinaryPrimitives.WriteUInt16BigEndian(udp[6..], InternetChecksum.ForUdp(flow.Source, flow.Destination, udp));
        return frame;
    }

    private static Ipv6Address Address(int number) => new(((UInt128)0x20010db800000004 << 64) + (uint)number);
}
