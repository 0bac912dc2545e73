using System.Diagnostics;
using System.Net.Sockets;
using Pdm6.Lab;

namespace Pdm6.EndToEnd.Tests.Harm;

/// <summary>
/// Requests in datagrams, each with a number and answered with it, some of them under way at a time: so no buffer
/// overflows, and on a path that loses nothing a request without an answer is an error.
/// </summary>
/// <param name="name">What to call it.</param>
/// <param name="pace">Holds it back.</param>
/// <param name="window">Requests under way at a time.</param>
/// <param name="askAgain">True where the path may lose a request by rights, because it has become smaller: then, as every
/// application that sends such datagrams must, this one asks again, and only never being answered is an error.</param>
internal abstract class NumberedRequests(string name, Pace pace, int window, bool askAgain) : ITraffic
{
    private const int LongestReceive = 50; // milliseconds
    private const int MostTries = 12;
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan s_firstPause = TimeSpan.FromMilliseconds(250), s_longestPause = TimeSpan.FromSeconds(4);

    private readonly TrafficTally _tally = new(name);
    private readonly Dictionary<ulong, Asked> _asked = [];
    private readonly byte[] _answer = new byte[ushort.MaxValue + 1];
    private long _askedAgain;

    private readonly record struct Asked(long At, int Tries);

    public string Name => name;

    public Task<TrafficReport> RunAsync(CancellationToken stopAsking) =>
        Task.Factory.StartNew(() => Run(stopAsking), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    /// <summary>Opens the socket that asks, and starts who answers.</summary>
    protected abstract Socket Start();

    /// <summary>Ends who answers; the number of wrong requests that it has seen.</summary>
    protected abstract long StopAnswering();

    /// <summary>Sends the request of a number.</summary>
    protected abstract void Ask(Socket socket, ulong number);

    /// <summary>Reads an answer. False: it is wrong; null: it is nobody's answer.</summary>
    protected abstract bool? Read(ReadOnlySpan<byte> answer, out ulong number);

    private TrafficReport Run(CancellationToken stopAsking)
    {
        using Socket socket = Start();
        socket.ReceiveTimeout = LongestReceive;
        ulong next = 0;
        while (!stopAsking.IsCancellationRequested || _asked.Count > 0)
        {
            while (!stopAsking.IsCancellationRequested && _asked.Count < window)
            {
                pace.Wait();
                TryAsk(socket, next++, 1);
            }
            int length = socket.Receive(_answer, 0, _answer.Length, SocketFlags.None, out SocketError error);
            if (error == SocketError.Success)
                Take(_answer.AsSpan(0, length));
            else if (error is SocketError.TimedOut or SocketError.WouldBlock)
                LookForOverdue(socket);
            else if (!IsByRights(error))
                _tally.Add(0, errors: 1, remark: $"receive: {error}");
        }
        long wrong = StopAnswering();
        _tally.Add(0, errors: wrong, remark: wrong > 0 ? $"{wrong} requests arrived with wrong octets" : null);
        if (_askedAgain > 0)
            _tally.Add(0, remark: $"asked again {_askedAgain} times");
        return _tally.Report();
    }

    private void TryAsk(Socket socket, ulong number, int tries)
    {
        try
        {
            Ask(socket, number);
        }
        catch (SocketException error) when (IsByRights(error.SocketErrorCode))
        {
            // It is asked again when its time comes.
        }
        catch (SocketException error)
        {
            _tally.Add(0, errors: 1, remark: $"send: {error.SocketErrorCode}");
        }
        _asked[number] = new Asked(Stopwatch.GetTimestamp(), tries);
    }

    // So the kernel tells an application that an earlier datagram was too big.
    private bool IsByRights(SocketError error) => askAgain && error == SocketError.MessageSize;

    private void Take(ReadOnlySpan<byte> octets)
    {
        switch (Read(octets, out ulong number))
        {
            case true when _asked.Remove(number):
                _tally.Add(1);
                break;
            case false:
                _tally.Add(0, errors: 1, remark: $"an answer of {octets.Length} octets is wrong");
                break;
            default:
                break; // somebody else's, or the second answer to what was asked twice
        }
    }

    private void LookForOverdue(Socket socket)
    {
        foreach ((ulong number, Asked asked) in _asked.ToArray())
        {
            TimeSpan since = Stopwatch.GetElapsedTime(asked.At);
            if (askAgain && asked.Tries < MostTries)
            {
                TimeSpan pause = s_firstPause * (1 << (asked.Tries - 1));
                if (since < (pause < s_longestPause ? pause : s_longestPause))
                    continue;
                _askedAgain++;
                TryAsk(socket, number, asked.Tries + 1);
            }
            else if (since > s_patience)
            {
                _asked.Remove(number);
                _tally.Add(1, unanswered: 1, remark: $"request {number} was never answered");
            }
        }
    }
}
