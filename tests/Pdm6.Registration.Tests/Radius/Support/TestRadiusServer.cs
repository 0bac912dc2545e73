using System.Net;
using System.Net.Sockets;
using Pdm6.Registration.Radius;

namespace Pdm6.Registration.Tests.Radius;

/// <summary>A RADIUS server on ::1 that answers each datagram as the test says: with any number of datagrams.</summary>
internal sealed class TestRadiusServer : IAsyncDisposable
{
    private readonly UdpClient _socket = new(new IPEndPoint(IPAddress.IPv6Loopback, 0));
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _loop;

    public TestRadiusServer(Func<byte[], int, IEnumerable<byte[]>> answers) => _loop = RunAsync(answers);

    public List<byte[]> Requests { get; } = [];

    public IPEndPoint EndPoint => (IPEndPoint)_socket.Client.LocalEndPoint!;

    /// <summary>Ends when so many requests have come.</summary>
    public async Task WhenAskedAsync(int times)
    {
        using CancellationTokenSource limit = new(TimeSpan.FromSeconds(60));
        using PeriodicTimer timer = new(TimeSpan.FromMilliseconds(10));
        while (Requests.Count < times)
            await timer.WaitForNextTickAsync(limit.Token);
    }

    public RadiusServer AsServer() => new(EndPoint, RadiusSecret.Of(TestPacket.Secret));

    /// <summary>Answers of this code, identifier as in the request, with what the test adds.</summary>
    public static TestRadiusServer Answering(int code, Func<TestPacket, TestPacket> fill) =>
        new((request, _) => [fill(new TestPacket(code, request[1])).Answering(request.AsSpan(4, 16))]);

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _loop;
        _socket.Dispose();
        _stop.Dispose();
    }

    private async Task RunAsync(Func<byte[], int, IEnumerable<byte[]>> answers)
    {
        try
        {
            while (true)
            {
                UdpReceiveResult received = await _socket.ReceiveAsync(_stop.Token);
                Requests.Add(received.Buffer);
                foreach (byte[] answer in answers(received.Buffer, Requests.Count))
                    await _socket.SendAsync(answer, received.RemoteEndPoint, _stop.Token);
            }
        }
        catch (OperationCanceledException)
        {
            // The test is over.
        }
    }
}
