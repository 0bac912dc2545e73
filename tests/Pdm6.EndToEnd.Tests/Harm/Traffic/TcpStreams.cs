using System.Net.Sockets;
using Pdm6.Lab;

namespace Pdm6.EndToEnd.Tests.Harm;

/// <summary>One connection after the other, a stream in each direction at the same time; every octet is looked at.</summary>
/// <param name="name">What to call it.</param>
/// <param name="pace">Holds it back.</param>
/// <param name="way">From where to where.</param>
/// <param name="port">The port of the host that answers.</param>
/// <param name="octets">Length of each stream.</param>
/// <param name="largestSegment">Limit for segments, octets (TCP_MAXSEG); null: what the path carries.</param>
internal sealed class TcpStreams(string name, Pace pace, Way way, int port, long octets, int? largestSegment = null) : ITraffic
{
    private const int BufferOctets = 128 * 1024;
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(2); // for a connection, on a busy machine

    public string Name => name;

    public Task<TrafficReport> RunAsync(CancellationToken stopAsking) => Task.Run(async () =>
    {
        TrafficTally tally = new(name);
        using Socket listener = way.ListenTcp(port, largestSegment);
        while (!stopAsking.IsCancellationRequested)
        {
            try
            {
                string? fault = await TransferAsync(listener);
                tally.Add(1, errors: fault is null ? 0 : 1, remark: fault);
            }
            catch (Exception error) when (error is SocketException or OperationCanceledException)
            {
                tally.Add(1, errors: 1, remark: error.Message);
            }
        }
        return tally.Report();
    }, CancellationToken.None);

    /// <summary>One connection; what was wrong with it, null if nothing.</summary>
    private async Task<string?> TransferAsync(Socket listener)
    {
        using CancellationTokenSource patience = new(s_patience);
        using Socket client = way.ConnectTcp(port, largestSegment);
        using Socket server = await listener.AcceptAsync(patience.Token);
        Task<string?> atServer = ReceiveAsync(server, patience.Token), atClient = ReceiveAsync(client, patience.Token);
        await Task.WhenAll(SendAsync(client, patience.Token), SendAsync(server, patience.Token), atServer, atClient);
        return await atServer ?? await atClient;
    }

    private async Task SendAsync(Socket socket, CancellationToken cancellation)
    {
        for (long sent = 0; sent < octets;)
        {
            await pace.WaitAsync();
            sent += await socket.SendAsync(NumberedStream.At(sent, octets - sent), cancellation);
        }
        socket.Shutdown(SocketShutdown.Send);
    }

    private async Task<string?> ReceiveAsync(Socket socket, CancellationToken cancellation)
    {
        byte[] buffer = new byte[BufferOctets];
        long received = 0;
        string? fault = null;
        while (await socket.ReceiveAsync(buffer, cancellation) is > 0 and int length)
        {
            if (!buffer.AsSpan(0, length).SequenceEqual(NumberedStream.At(received, length).Span))
                fault ??= $"wrong octets between {received} and {received + length} of a stream";
            received += length;
        }
        return fault ?? (received == octets ? null : $"{received} octets of a stream of {octets}");
    }
}
