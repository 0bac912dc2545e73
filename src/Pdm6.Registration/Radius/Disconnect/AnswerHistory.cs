using System.Net;

namespace Pdm6.Registration.Radius.Disconnect;

/// <summary>
/// The answers of the last minutes. A server that lost one asks again, octet for octet and from the same port, and gets
/// the same answer; the same request from anywhere else is a replay. A request is told by its authenticator, a digest
/// over all of it.
/// </summary>
internal sealed class AnswerHistory
{
    /// <summary>Answers kept at most.</summary>
    public const int Most = 4096;

    private readonly Dictionary<UInt128, Answered> _answers = [];
    private readonly PriorityQueue<UInt128, long> _byEnd = new();

    /// <summary>True if nothing can be kept any more, until time passes.</summary>
    public bool IsFull(long nowUnixSeconds)
    {
        while (_byEnd.TryPeek(out UInt128 authenticator, out long end) && end < nowUnixSeconds)
        {
            _answers.Remove(authenticator);
            _byEnd.Dequeue();
        }
        return _answers.Count >= Most;
    }

    /// <summary>True if the request was answered before; <paramref name="answer"/> is what to send again, null if it is a
    /// replay.</summary>
    public bool TryFind(UInt128 authenticator, IPEndPoint from, out byte[]? answer)
    {
        bool isKnown = _answers.TryGetValue(authenticator, out Answered? found);
        answer = isKnown && found!.From.Equals(from) ? found.Answer : null;
        return isKnown;
    }

    /// <summary>Keeps an answer until <paramref name="endUnixSeconds"/>, after which the request would be too old
    /// itself.</summary>
    public void Add(UInt128 authenticator, IPEndPoint from, byte[] answer, long endUnixSeconds)
    {
        if (_answers.TryAdd(authenticator, new Answered(from, answer)))
            _byEnd.Enqueue(authenticator, endUnixSeconds);
    }

    private sealed record Answered(IPEndPoint From, byte[] Answer);
}
