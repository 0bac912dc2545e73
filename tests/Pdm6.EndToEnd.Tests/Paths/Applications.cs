using System.Diagnostics;
using System.Net.Sockets;
using Pdm6.Lab;

namespace Pdm6.EndToEnd.Tests.Paths;

/// <summary>Two applications that ask and are answered all the time: one over a TCP connection, one by UDP, which asks
/// again when no answer comes. They know how long they went without an answer.</summary>
internal sealed class Applications : IAsyncDisposable
{
    internal const string Tcp = "tcp", Udp = "udp";
    private const int TcpPort = 7101, UdpPort = 7102;
    private static readonly TimeSpan s_pace = TimeSpan.FromMilliseconds(20), s_again = TimeSpan.FromMilliseconds(250);

    private readonly CancellationTokenSource _stop = new();
    private readonly Socket _udpServer, _udpClient, _tcpListener, _tcpClient;
    private readonly Dictionary<string, (long LastAnswer, TimeSpan LongestGap, long Answers)> _talks = new() { [Tcp] = default, [Udp] = default };
    private Task[] _work = [];

    internal Applications(Laboratory hosts)
    {
        _udpServer = LaboratorySockets.ListenUdp(hosts, UdpPort);
        _udpClient = LaboratorySockets.ConnectUdp(hosts, UdpPort);
        _tcpListener = LaboratorySockets.ListenTcp(hosts, TcpPort);
        _tcpClient = LaboratorySockets.ConnectTcp(hosts, TcpPort);
    }

    /// <summary>The rules that measure them.</summary>
    internal static IReadOnlyList<object> Rules { get; } =
    [
        new { name = Tcp, destinations = (string[])["2001:db8::/32"], protocols = (string[])["tcp"], ports = (int[])[TcpPort] },
        new { name = Udp, destinations = (string[])["2001:db8::/32"], protocols = (string[])["udp"], ports = (int[])[UdpPort] },
    ];

    /// <summary>Where the server of an application listens.</summary>
    internal static int PortOf(string talk) => talk == Tcp ? TcpPort : UdpPort;

    internal void Start() => _work = [ServeTcpAsync(), AskByTcpAsync(), ServeUdpAsync(), AskByUdpAsync()];

    /// <summary>Fails if an application has ended.</summary>
    internal void ThrowIfFailed() => Assert.All(_work, task => Assert.False(task.IsCompleted, task.Exception?.ToString()));

    /// <summary>From now on gaps are looked at.</summary>
    internal void Mark()
    {
        lock (_talks)
            foreach (string talk in _talks.Keys.ToArray())
                _talks[talk] = (Stopwatch.GetTimestamp(), default, 0);
    }

    /// <summary>The longest time without an answer since <see cref="Mark"/>, the present one included.</summary>
    internal TimeSpan LongestGap(string talk)
    {
        lock (_talks)
        {
            TimeSpan now = Stopwatch.GetElapsedTime(_talks[talk].LastAnswer);
            return now > _talks[talk].LongestGap ? now : _talks[talk].LongestGap;
        }
    }

    /// <summary>Waits until so many more answers have come.</summary>
    internal Task WaitForAnswersAsync(string talk, int answers)
    {
        long from = Answers(talk);
        return Poll.UntilAsync(
            () =>
            {
                ThrowIfFailed();
                return Answers(talk) >= from + answers;
            },
            () => $"{talk} is answered no more");
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        foreach (Socket socket in (Socket[])[_tcpClient, _tcpListener, _udpClient, _udpServer])
            socket.Dispose();
        foreach (Task task in _work)
            await task.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stop.Dispose();
    }

    private long Answers(string talk)
    {
        lock (_talks)
            return _talks[talk].Answers;
    }

    private void Note(string talk)
    {
        lock (_talks)
        {
            (long last, TimeSpan longest, long answers) = _talks[talk];
            TimeSpan gap = last == 0 ? default : Stopwatch.GetElapsedTime(last);
            _talks[talk] = (Stopwatch.GetTimestamp(), gap > longest ? gap : longest, answers + 1);
        }
    }

    private async Task ServeTcpAsync()
    {
        using Socket server = await _tcpListener.AcceptAsync(_stop.Token);
        server.NoDelay = true;
        byte[] octets = new byte[100];
        while (await server.ReceiveAsync(octets, _stop.Token) is > 0 and int size)
            await server.SendAsync(octets.AsMemory(0, size), _stop.Token);
    }

    private async Task AskByTcpAsync()
    {
        using NetworkStream stream = new(_tcpClient);
        byte[] octets = new byte[100];
        while (true)
        {
            await stream.WriteAsync(octets, _stop.Token);
            await stream.ReadExactlyAsync(octets, _stop.Token);
            Note(Tcp);
            await Task.Delay(s_pace, _stop.Token); // paces the traffic; nothing waits for it
        }
    }

    private async Task ServeUdpAsync()
    {
        byte[] octets = new byte[100];
        while (true)
        {
            SocketReceiveFromResult question = await _udpServer.ReceiveFromAsync(octets, _udpClient.LocalEndPoint!, _stop.Token);
            await _udpServer.SendToAsync(octets.AsMemory(0, question.ReceivedBytes), question.RemoteEndPoint, _stop.Token);
        }
    }

    private async Task AskByUdpAsync()
    {
        byte[] octets = new byte[100];
        while (true)
        {
            using CancellationTokenSource again = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token);
            again.CancelAfter(s_again);
            try
            {
                await _udpClient.SendAsync(octets.AsMemory(0, 50), again.Token);
                await _udpClient.ReceiveAsync(octets, again.Token);
                Note(Udp);
            }
            catch (OperationCanceledException) when (!_stop.IsCancellationRequested)
            {
                continue; // no answer: ask again
            }
            await Task.Delay(s_pace, _stop.Token); // paces the traffic; nothing waits for it
        }
    }
}
