using System.Collections.Concurrent;
using System.Net.Sockets;
using System.Security.Cryptography;
using Pdm6.Datapath;
using Pdm6.Registration.Addresses;
using Pdm6.Security;
using Pdm6.Wire;

namespace Pdm6.Agent.Paths;

/// <summary>Asks other agents what arrives, and answers them. Thread-safe.</summary>
internal sealed class PathTalk : IDisposable
{
    // Longer than anybody waits for an answer.
    private const ulong ForgetAfterNs = 3_000_000_000;

    private readonly PathKeys _keys;
    private readonly Dictionary<Ipv6Address, PathSocket> _sockets = [];
    private readonly ConcurrentDictionary<UInt128, Question> _questions = new();
    private readonly TimeProvider _time;

    /// <summary>An answer has come.</summary>
    /// <param name="roundTripNs">After how long.</param>
    internal delegate void Answered(ulong roundTripNs);

    private sealed record Question(AddressPair Pair, PathForm Form, ulong SentNs, Answered Answered);

    /// <summary>Opens the sockets. An address whose socket cannot be opened is neither watched nor answered for, which the
    /// log says.</summary>
    internal PathTalk(PathKeys keys, IEnumerable<Ipv6Address> addresses, PathPackets packets, TimeProvider time, Action<string> log)
    {
        (_keys, _time) = (keys, time);
        foreach (Ipv6Address address in addresses.Where(address => !address.IsLinkLocal))
        {
            try
            {
                _sockets.Add(address, new PathSocket(address, packets));
            }
            catch (SocketException error)
            {
                log($"UDP port {PathTable.ProbePort} of {address}, where agents find out which options arrive, cannot be used ({error.Message}): "
                    + "options that a router drops are not noticed. Stop the program that has it, or grant CAP_NET_RAW.");
            }
        }
    }

    /// <summary>Answers, and takes answers, until told to stop.</summary>
    internal Task RunAsync(CancellationToken stop) => Task.WhenAll(
        _sockets.Values.Select(socket => ListenAsync(socket, stop)).Append(ForgetAsync(stop)));

    /// <summary>Asks once. False if that cannot be done.</summary>
    /// <param name="pair">From one of our addresses to a destination that <see cref="PathKeys.MayAsk"/>.</param>
    /// <param name="form">How the question goes.</param>
    /// <param name="answerForm">How the answer shall come.</param>
    /// <param name="answered">Called at the first answer, from any thread.</param>
    internal bool TryAsk(AddressPair pair, PathForm form, PathForm answerForm, Answered answered)
    {
        if (!_sockets.TryGetValue(pair.Source, out PathSocket? socket))
            return false;
        Span<byte> key = stackalloc byte[KeyDerivation.SecretSize], nonce = stackalloc byte[PathMessage.NonceSize];
        if (!_keys.TryGetOwn(pair, out ContextId context, key))
            return false;
        RandomNumberGenerator.Fill(nonce);
        byte[] request = PathMessage.Request(context, nonce, form, answerForm, key);
        CryptographicOperations.ZeroMemory(key);
        _questions[PathMessage.NonceOf(nonce)] = new Question(pair, form, BootClock.NowNs, answered);
        return socket.TrySend(pair.Destination, form, request);
    }

    public void Dispose()
    {
        foreach (PathSocket socket in _sockets.Values)
            socket.Dispose();
    }

    private async Task ListenAsync(PathSocket socket, CancellationToken stop)
    {
        // An agent that watches us asks three times a second; an answer takes some ten microseconds.
        SourceRates rates = new(_time, perSecond: 2000, burst: 4000, perSecondToAll: 5000, burstToAll: 10_000);
        while (true)
        {
            (Ipv6Address source, ReadOnlyMemory<byte> datagram) = await socket.ReceiveAsync(stop).ConfigureAwait(false);
            if (PathMessage.TryReadRequest(datagram.Span, out ContextId context, out PathForm answerForm))
            {
                if (rates.Admit(source))
                    Reply(socket, source, context, answerForm, datagram.Span);
            }
            else if (PathMessage.TryReadAnswer(datagram.Span, out UInt128 nonce, out PathForm form))
                Take(new AddressPair(socket.Address, source), nonce, form, datagram.Span);
        }
    }

    private void Reply(PathSocket socket, Ipv6Address source, ContextId context, PathForm answerForm, ReadOnlySpan<byte> request)
    {
        Span<byte> key = stackalloc byte[KeyDerivation.SecretSize];
        if (_keys.TryGetRemote(context, new AddressPair(source, socket.Address), key) && PathMessage.IsAuthentic(request, key))
            socket.TrySend(source, answerForm, PathMessage.Answer(request, key));
        CryptographicOperations.ZeroMemory(key);
    }

    private void Take(AddressPair pair, UInt128 nonce, PathForm form, ReadOnlySpan<byte> answer)
    {
        if (!_questions.TryGetValue(nonce, out Question? question) || question.Pair != pair || question.Form != form)
            return;
        Span<byte> key = stackalloc byte[KeyDerivation.SecretSize];
        bool isAuthentic = _keys.TryGetOwn(pair, out _, key) && PathMessage.IsAuthentic(answer, key);
        CryptographicOperations.ZeroMemory(key);
        if (isAuthentic && _questions.TryRemove(nonce, out _))
            question.Answered(BootClock.NowNs - question.SentNs);
    }

    private async Task ForgetAsync(CancellationToken stop)
    {
        while (true)
        {
            await Task.Delay(TimeSpan.FromSeconds(1), _time, stop).ConfigureAwait(false);
            ulong now = BootClock.NowNs;
            foreach ((UInt128 nonce, Question question) in _questions)
                if (now - question.SentNs > ForgetAfterNs)
                    _questions.TryRemove(nonce, out _);
        }
    }
}
