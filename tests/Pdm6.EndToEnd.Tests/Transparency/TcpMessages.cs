using System.Net.Sockets;
using System.Security.Cryptography;
using Pdm6.Lab;

namespace Pdm6.EndToEnd.Tests.Transparency;

/// <summary>Many small messages over one connection, each sent back before the next one goes.</summary>
internal sealed record TcpMessages(string Name, int Port, int Messages) : Exchange(Name)
{
    private const int LargestMessage = 500;

    internal override object Rule => RuleFor(Name, "tcp", Port);

    internal override async Task<string> RunAsync(Laboratory hosts)
    {
        using CancellationTokenSource patience = new(Patience);
        using Socket listener = LaboratorySockets.ListenTcp(hosts, Port);
        using Socket client = LaboratorySockets.ConnectTcp(hosts, Port);
        using Socket server = await listener.AcceptAsync(patience.Token);
        server.NoDelay = true;
        Task<string> echo = EchoAsync(server, patience.Token);
        using NetworkStream stream = new(client);
        using IncrementalHash received = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        byte[] body = Body(LargestMessage), answer = new byte[LargestMessage];
        for (int number = 0; number < Messages; number++)
        {
            int size = 1 + number % LargestMessage;
            await client.SendAsync(body.AsMemory(0, size), patience.Token);
            await stream.ReadExactlyAsync(answer.AsMemory(0, size), patience.Token);
            Append(received, answer.AsSpan(0, size));
        }
        client.Shutdown(SocketShutdown.Send);
        return $"{await echo} {Text(received)}";
    }

    private static async Task<string> EchoAsync(Socket server, CancellationToken stop)
    {
        using IncrementalHash received = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        byte[] buffer = new byte[LargestMessage];
        while (await server.ReceiveAsync(buffer, stop) is > 0 and int length)
        {
            received.AppendData(buffer, 0, length);
            await server.SendAsync(buffer.AsMemory(0, length), stop);
        }
        return Text(received);
    }
}
