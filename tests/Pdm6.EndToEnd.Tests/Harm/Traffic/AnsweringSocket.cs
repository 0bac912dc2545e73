using System.Net;
using System.Net.Sockets;

namespace Pdm6.EndToEnd.Tests.Harm;

/// <summary>What an answering socket does with a datagram.</summary>
/// <param name="datagram">What came.</param>
/// <param name="answer">Sends an answer to where it came from.</param>
/// <returns>False if the datagram is wrong.</returns>
internal delegate bool AnswerDatagram(ReadOnlySpan<byte> datagram, SendAnswer answer);

/// <summary>Sends one answer.</summary>
internal delegate void SendAnswer(ReadOnlySpan<byte> octets);

/// <summary>A thread that takes what comes to a socket and answers.</summary>
internal sealed class AnsweringSocket
{
    private const int LongestReceive = 50; // milliseconds
    private readonly Socket _socket;
    private readonly AnswerDatagram _answer;
    private readonly Thread _thread;
    private volatile bool _stop;
    private long _wrong;

    internal AnsweringSocket(Socket socket, AnswerDatagram answer)
    {
        _socket = socket;
        _socket.ReceiveTimeout = LongestReceive;
        _answer = answer;
        _thread = new Thread(Run) { IsBackground = true };
        _thread.Start();
    }

    /// <summary>Ends it; the number of wrong datagrams that came, and of answers that could not be sent.</summary>
    internal long Stop()
    {
        _stop = true;
        _thread.Join();
        _socket.Dispose();
        return _wrong;
    }

    private void Run()
    {
        byte[] datagram = new byte[ushort.MaxValue + 1];
        SocketAddress from = new(_socket.AddressFamily);
        while (!_stop)
        {
            try
            {
                int length = _socket.ReceiveFrom(datagram, SocketFlags.None, from);
                if (!_answer(datagram.AsSpan(0, length), octets => _socket.SendTo(octets, SocketFlags.None, from)))
                    _wrong++;
            }
            catch (SocketException error) when (error.SocketErrorCode is SocketError.TimedOut or SocketError.WouldBlock)
            {
                // Nothing came for a while: look whether it is time to stop.
            }
            catch (SocketException)
            {
                _wrong++;
            }
        }
    }
}
