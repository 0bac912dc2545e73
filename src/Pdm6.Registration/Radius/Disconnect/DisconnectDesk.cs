using System.Buffers.Binary;
using System.Net;
using Pdm6.Registration.Radius.Packets;

namespace Pdm6.Registration.Radius.Disconnect;

/// <summary>
/// Decides what becomes of each datagram that comes to the port for Disconnect-Requests. Only what a configured server
/// has authenticated, in the last minutes and for the first time, revokes anybody; only what it has authenticated is
/// answered at all (RFC 5176 sections 3.3 and 6.3).
/// </summary>
/// <param name="options">Servers, their secrets, and the registrar's own name.</param>
/// <param name="revoke">Revokes; one call at a time.</param>
internal sealed class DisconnectDesk(RadiusOptions options, RevokeParticipant revoke)
{
    /// <summary>How far Event-Timestamp may be from this host's clock, RFC 5176 section 6.3.</summary>
    public const int LargestAgeSeconds = 300;

    private readonly AnswerHistory _history = new();

    /// <summary>Handles one datagram.</summary>
    /// <param name="datagram">The datagram; not used after the call.</param>
    /// <param name="from">Who sent it.</param>
    /// <param name="nowUnixSeconds">The time.</param>
    /// <param name="cancellation">Ends the wait for the store; then nothing is answered.</param>
    /// <returns>What to send back, and what was found.</returns>
    public async Task<DisconnectOutcome> HandleAsync(
        ReadOnlyMemory<byte> datagram, IPEndPoint from, long nowUnixSeconds, CancellationToken cancellation)
    {
        if (ServerAt(from.Address) is not { } server)
            return DisconnectOutcome.Silence(DisconnectVerdict.UnknownSource);
        if (!RadiusPacketView.TryRead(datagram.Span, out RadiusPacketView packet)
            || packet.Code is not (RadiusCode.DisconnectRequest or RadiusCode.CoaRequest))
            return DisconnectOutcome.Silence(DisconnectVerdict.Malformed);
        if (!PacketAuthentication.IsRequestAuthentic(packet, server.Secret))
            return DisconnectOutcome.Silence(
                packet.MessageAuthenticatorOffset == 0 ? DisconnectVerdict.NoMessageAuthenticator : DisconnectVerdict.NotAuthentic);

        UInt128 authenticator = BinaryPrimitives.ReadUInt128BigEndian(packet.Authenticator);
        bool isFull = _history.IsFull(nowUnixSeconds);
        if (_history.TryFind(authenticator, from, out byte[]? before))
            return new DisconnectOutcome(before is null ? DisconnectVerdict.Replayed : DisconnectVerdict.Repeated, before);

        DisconnectRequest request = DisconnectRequest.Read(packet, options.NasIdentifier);
        if (request.EventUnixSeconds is { } decided && Math.Abs(nowUnixSeconds - decided) > LargestAgeSeconds)
            return DisconnectOutcome.Silence(DisconnectVerdict.TooOld);
        ErrorCause cause = request.Refusal != ErrorCause.None ? request.Refusal
            : isFull ? ErrorCause.ResourcesUnavailable
            : await revoke(request.Name, request.Reason, cancellation).ConfigureAwait(false);
        byte[] answer = Answer(datagram.Span, cause, server.Secret);
        if (request.EventUnixSeconds is { } time && cause != ErrorCause.ResourcesUnavailable)
            _history.Add(authenticator, from, answer, time + LargestAgeSeconds);
        return new DisconnectOutcome(cause == ErrorCause.None ? DisconnectVerdict.Revoked : DisconnectVerdict.Refused, answer)
        {
            Cause = cause,
            Name = request.Name,
        };
    }

    private RadiusServer? ServerAt(IPAddress address)
    {
        IPAddress sender = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        return options.Servers.FirstOrDefault(server => server.EndPoint.Address.Equals(sender));
    }

    private static byte[] Answer(ReadOnlySpan<byte> datagram, ErrorCause cause, RadiusSecret secret)
    {
        RadiusPacketView.TryRead(datagram, out RadiusPacketView packet);
        return DisconnectAnswer.Write(packet, cause, secret);
    }
}
