using System.Buffers.Binary;
using System.Net.Sockets;
using System.Security.Cryptography;
using Pdm6.Lab;

namespace Pdm6.EndToEnd.Tests.Transparency;

/// <summary>What ping does, octet by octet: echo requests with given amounts of data, answered by the server's kernel.</summary>
internal sealed record IcmpEcho(string Name, IReadOnlyList<int> Sizes) : Exchange(Name)
{
    private const int HeaderSize = 8;
    private const byte EchoRequest = 128, EchoReply = 129;
    private const ushort Identifier = 0x6d36;

    internal override object Rule => RuleFor(Name, "icmpv6");

    internal override Counts? ClientCounts(int pathMtu) => PacketSizes.Expect(Sizes, pathMtu);

    internal override async Task<string> RunAsync(Laboratory hosts)
    {
        using CancellationTokenSource patience = new(Patience);
        using Socket client = hosts.Client.Within(() =>
        {
            Socket socket = new(AddressFamily.InterNetworkV6, SocketType.Raw, ProtocolType.IcmpV6);
            socket.Connect(LaboratorySockets.ServerAt(0));
            return socket;
        });
        using IncrementalHash received = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        byte[] answer = new byte[ushort.MaxValue];
        for (int number = 0; number < Sizes.Count; number++)
        {
            byte[] request = [.. new byte[HeaderSize], .. Body(Sizes[number])];
            request[0] = EchoRequest;
            BinaryPrimitives.WriteUInt16BigEndian(request.AsSpan(4), Identifier);
            BinaryPrimitives.WriteUInt16BigEndian(request.AsSpan(6), (ushort)number);
            await client.SendAsync(request, patience.Token);
            int length;
            do
                length = await client.ReceiveAsync(answer, patience.Token);
            while (answer[0] != EchoReply || !answer.AsSpan(4, 4).SequenceEqual(request.AsSpan(4, 4)));
            Append(received, answer.AsSpan(0, length));
        }
        return Text(received);
    }
}
