using System.Net.Sockets;
using Pdm6.Lab;

namespace Pdm6.EndToEnd.Tests.Registration;

/// <summary>One UDP flow between client and server that goes on: a question, its answer, the next question.</summary>
internal sealed class Conversation : IDisposable
{
    internal const string Group = "conversation";
    internal const int Port = 7003;
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan s_pace = TimeSpan.FromMilliseconds(10);

    private readonly Socket _server, _client;

    internal Conversation(Laboratory hosts)
    {
        _server = LaboratorySockets.ListenUdp(hosts, Port);
        _client = LaboratorySockets.ConnectUdp(hosts, Port);
    }

    /// <summary>The rule that measures it.</summary>
    internal static IReadOnlyList<object> Rules { get; } =
    [
        new { name = Group, destinations = (string[])["2001:db8::/32"], protocols = (string[])["udp"], ports = (int[])[Port] },
    ];

    /// <summary>Questions asked and answered so far.</summary>
    internal int Exchanges { get; private set; }

    /// <summary>Goes on until a condition holds.</summary>
    internal async Task UntilAsync(Func<Task<bool>> condition, string otherwise)
    {
        DateTime giveUp = DateTime.UtcNow + TimeSpan.FromSeconds(60);
        while (!await condition())
        {
            Assert.True(DateTime.UtcNow < giveUp, otherwise);
            await ExchangeAsync();
        }
    }

    /// <summary>Goes on for so many exchanges.</summary>
    internal async Task RunAsync(int exchanges)
    {
        for (int i = 0; i < exchanges; i++)
            await ExchangeAsync();
    }

    public void Dispose()
    {
        _client.Dispose();
        _server.Dispose();
    }

    private async Task ExchangeAsync()
    {
        using CancellationTokenSource deadline = new(s_patience);
        byte[] octets = new byte[100];
        await _client.SendAsync(BitConverter.GetBytes(Exchanges), deadline.Token);
        SocketReceiveFromResult question = await _server.ReceiveFromAsync(octets, _client.LocalEndPoint!, deadline.Token);
        await _server.SendToAsync(octets.AsMemory(0, question.ReceivedBytes), question.RemoteEndPoint, deadline.Token);
        int answered = await _client.ReceiveAsync(octets, deadline.Token);
        Assert.Equal(Exchanges, BitConverter.ToInt32(octets.AsSpan(0, answered)));
        Exchanges++;
        await Task.Delay(s_pace); // paces the traffic; nothing waits for it
    }
}
