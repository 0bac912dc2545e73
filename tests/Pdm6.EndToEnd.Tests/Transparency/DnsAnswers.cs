using System.Buffers.Binary;
using System.Net.Sockets;
using System.Text;
using Pdm6.Lab;

namespace Pdm6.EndToEnd.Tests.Transparency;

/// <summary>Questions to a real DNS server (dnsmasq), each with a fixed id and from a socket of its own: flows of one
/// question and one answer.</summary>
internal sealed record DnsAnswers(string Name) : Exchange(Name)
{
    private const int DnsPort = 53;
    private const ushort TypeA = 1, TypeText = 16, TypeAaaa = 28, TypeService = 33, TypeAny = 255;

    private static readonly (string Name, ushort Type)[] s_questions =
    [
        .. Enumerable.Range(1, 20).Select(n => ($"q{n}.{NameServer.Domain}", TypeAaaa)),
        ($"q.{NameServer.Domain}", TypeA), ($"q.{NameServer.Domain}", TypeText), ($"q.{NameServer.Domain}", TypeService),
        ($"q.{NameServer.Domain}", TypeAny), ("elsewhere.example", TypeAaaa),
        ($"{new string('x', 63)}.{new string('y', 63)}.{NameServer.Domain}", TypeAaaa),
    ];

    internal override object Rule => RuleFor(Name, "udp", DnsPort);

    internal override Counts? ClientCounts(int pathMtu) => Counts.Of(s_questions.Length);

    internal override async Task<string> RunAsync(Laboratory hosts)
    {
        using CancellationTokenSource patience = new(Patience);
        await using NameServer server = await NameServer.StartAsync(hosts, hosts.Server, LaboratoryAddresses.Server, patience.Token);
        StringBuilder answers = new();
        byte[] answer = new byte[ushort.MaxValue];
        for (ushort id = 0; id < s_questions.Length; id++)
        {
            using Socket client = LaboratorySockets.ConnectUdp(hosts, DnsPort);
            await client.SendAsync(Question(id, s_questions[id]), patience.Token);
            int length = await client.ReceiveAsync(answer, patience.Token);
            answers.AppendLine(Convert.ToHexStringLower(answer.AsSpan(0, length)));
        }
        return answers.ToString();
    }

    /// <summary>One question in the form of RFC 1035 section 4.1, recursion desired.</summary>
    internal static byte[] Question(ushort id, (string Name, ushort Type) question)
    {
        const ushort recursionDesired = 0x0100, internet = 1;
        List<byte> message = [];
        foreach (ushort field in (ushort[])[id, recursionDesired, 1, 0, 0, 0])
            Append(field);
        foreach (string label in question.Name.Split('.'))
            message.AddRange([(byte)label.Length, .. Encoding.ASCII.GetBytes(label)]);
        message.Add(0);
        Append(question.Type);
        Append(internet);
        return [.. message];

        void Append(ushort field)
        {
            Span<byte> octets = stackalloc byte[2];
            BinaryPrimitives.WriteUInt16BigEndian(octets, field);
            message.AddRange(octets);
        }
    }
}
