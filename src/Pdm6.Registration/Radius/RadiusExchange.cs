using System.Net.Sockets;
using System.Security.Cryptography;
using Pdm6.Registration.Radius.Packets;

namespace Pdm6.Registration.Radius;

/// <summary>
/// One Access-Request and its answer, with one server. It is sent again with the same identifier and authenticator, from
/// the same port, so that the server knows it for the same (RFC 5080 section 2.2.2). The socket is connected: datagrams
/// of other senders never reach it.
/// </summary>
internal static class RadiusExchange
{
    private static readonly TimeSpan LongestTimeout = TimeSpan.FromSeconds(16);

    /// <summary>Asks until an answer comes or the tries are used up: then an answer of kind
    /// <see cref="RadiusAnswerKind.None"/> that says what came instead.</summary>
    /// <exception cref="OperationCanceledException">The caller gave up.</exception>
    public static async Task<RadiusAnswer> AskAsync(
        RadiusServer server, ReadOnlyMemory<byte> request, RadiusOptions options, CancellationToken cancellation)
    {
        using Socket socket = new(server.EndPoint.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
        AnswerStatus worst = AnswerStatus.Ok;
        try
        {
            await socket.ConnectAsync(server.EndPoint, cancellation).ConfigureAwait(false);
            TimeSpan timeout = TimeSpan.FromSeconds(options.TimeoutSeconds);
            for (int i = 0; i < options.Tries; i++)
            {
                await socket.SendAsync(request, cancellation).ConfigureAwait(false);
                (RadiusAnswer? answer, AnswerStatus status) =
                    await ReceiveAsync(socket, request, server.Secret, Varied(timeout), cancellation).ConfigureAwait(false);
                if (answer is not null)
                    return answer;
                worst = status > worst ? status : worst;
                timeout = timeout * 2 < LongestTimeout ? timeout * 2 : LongestTimeout;
            }
        }
        catch (SocketException error)
        {
            return Nothing(server, error.SocketErrorCode == SocketError.ConnectionRefused ? "does not listen" : $"cannot be reached ({error.Message})");
        }
        return Nothing(server, worst switch
        {
            AnswerStatus.NoMessageAuthenticator =>
                "answers without Message-Authenticator, which anybody could forge (CVE-2024-3596): update it, or let it add one",
            AnswerStatus.NotAuthentic => "has another shared secret, or somebody forges its answers",
            AnswerStatus.Malformed or AnswerStatus.NotAnAnswer => "sends something that is no answer",
            _ => "does not answer; does it know this registrar's address as a client's, and the same secret?",
        });
    }

    private static async Task<(RadiusAnswer? Answer, AnswerStatus Worst)> ReceiveAsync(
        Socket socket, ReadOnlyMemory<byte> request, RadiusSecret secret, TimeSpan timeout, CancellationToken cancellation)
    {
        using CancellationTokenSource limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(timeout);
        byte[] room = new byte[RadiusPacketView.LargestSize];
        AnswerStatus worst = AnswerStatus.Ok;
        try
        {
            while (true)
            {
                int size = await socket.ReceiveAsync(room, limit.Token).ConfigureAwait(false);
                AnswerStatus status = AnswerReader.Read(room.AsSpan(0, size), request.Span, secret, out RadiusAnswer? answer);
                if (answer is not null)
                    return (answer, status);
                worst = status > worst ? status : worst;
            }
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return (null, worst);
        }
    }

    private static RadiusAnswer Nothing(RadiusServer server, string why) =>
        new() { Kind = RadiusAnswerKind.None, Message = $"RADIUS server {server.EndPoint} {why}" };

    /// <summary>A tenth more or less, so that registrars that lost the same server do not all come back at once.</summary>
    private static TimeSpan Varied(TimeSpan timeout) => timeout * (0.9 + RandomNumberGenerator.GetInt32(200) / 1000.0);
}
