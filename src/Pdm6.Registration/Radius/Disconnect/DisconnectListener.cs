using System.Net;
using System.Net.Sockets;
using Pdm6.Registration.Radius.Packets;

namespace Pdm6.Registration.Radius.Disconnect;

/// <summary>Takes Disconnect-Requests of the operator's RADIUS servers, RFC 5176, and revokes whom they name.</summary>
internal sealed class DisconnectListener : IDisposable
{
    private readonly Socket _socket;
    private readonly DisconnectDesk _desk;
    private readonly TimeProvider _time;
    private readonly Action<string> _log;
    private readonly Dictionary<DisconnectVerdict, SparseLog> _silences = [];

    private DisconnectListener(Socket socket, DisconnectDesk desk, TimeProvider time, Action<string> log)
    {
        _socket = socket;
        _desk = desk;
        _time = time;
        _log = log;
    }

    /// <summary>Where it listens.</summary>
    public IPEndPoint LocalEndPoint => (IPEndPoint)_socket.LocalEndPoint!;

    /// <summary>Takes the port; requests wait there until <see cref="RunAsync"/>.</summary>
    /// <param name="options">Servers and where to listen.</param>
    /// <param name="revoke">Revokes; one call at a time.</param>
    /// <param name="time">The clock that Event-Timestamps are held against.</param>
    /// <param name="log">Takes lines for people.</param>
    /// <exception cref="RegistrarException">The port is taken, or the address is not one of this host.</exception>
    /// <exception cref="ArgumentException">The options do not say where to listen.</exception>
    public static DisconnectListener Open(RadiusOptions options, RevokeParticipant revoke, TimeProvider time, Action<string> log)
    {
        ArgumentNullException.ThrowIfNull(options);
        IPEndPoint where = options.DisconnectListener ?? throw new ArgumentException("Nowhere to listen.", nameof(options));
        Socket socket = new(where.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
        try
        {
            if (where.AddressFamily == AddressFamily.InterNetworkV6)
                socket.DualMode = where.Address.Equals(IPAddress.IPv6Any);
            socket.Bind(where);
        }
        catch (SocketException error)
        {
            socket.Dispose();
            throw new RegistrarException(
                $"Disconnect-Requests cannot be taken at {where} ({error.Message}): free the port, or name another one", error);
        }
        return new DisconnectListener(socket, new DisconnectDesk(options, revoke), time, log);
    }

    /// <summary>Takes requests, one after the other, until it is stopped.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        byte[] room = new byte[RadiusPacketView.LargestSize];
        IPEndPoint anybody = new(_socket.AddressFamily == AddressFamily.InterNetworkV6 ? IPAddress.IPv6Any : IPAddress.Any, 0);
        try
        {
            while (true)
            {
                SocketReceiveFromResult received =
                    await _socket.ReceiveFromAsync(room, SocketFlags.None, anybody, stop).ConfigureAwait(false);
                await HandleAsync(room.AsMemory(0, received.ReceivedBytes), (IPEndPoint)received.RemoteEndPoint, stop).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // It was asked to stop.
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _socket.Dispose();

    private async Task HandleAsync(ReadOnlyMemory<byte> datagram, IPEndPoint from, CancellationToken stop)
    {
        DisconnectOutcome outcome =
            await _desk.HandleAsync(datagram, from, _time.GetUtcNow().ToUnixTimeSeconds(), stop).ConfigureAwait(false);
        switch (outcome.Verdict)
        {
            case DisconnectVerdict.Revoked:
                _log($"{outcome.Name} was revoked by RADIUS server {from.Address}");
                break;
            case DisconnectVerdict.Refused:
                _log($"RADIUS server {from.Address} asked for what is not done here: {outcome.Cause} ({(int)outcome.Cause}), {NameOrNobody(outcome.Name)}");
                break;
            case DisconnectVerdict.Repeated:
                break;
            default:
                PassOver(outcome.Verdict, from);
                break;
        }
        if (outcome.Answer is null)
            return;
        try
        {
            await _socket.SendToAsync(outcome.Answer, from, stop).ConfigureAwait(false);
        }
        catch (SocketException error)
        {
            _log($"The answer to RADIUS server {from} could not be sent ({error.Message}); it will ask again");
        }
    }

    private static string NameOrNobody(string name) => name.Length == 0 ? "for nobody" : $"for '{name}'";

    /// <summary>Anybody can send datagrams: of each kind, one line a minute.</summary>
    private void PassOver(DisconnectVerdict verdict, IPEndPoint from)
    {
        if (!_silences.TryGetValue(verdict, out SparseLog? log))
            _silences.Add(verdict, log = new SparseLog(_log, _time));
        log.Write($"A datagram for Disconnect-Requests from {from.Address} was passed over: {Words(verdict)}");
    }

    private static string Words(DisconnectVerdict verdict) => verdict switch
    {
        DisconnectVerdict.UnknownSource => "not from the address of a configured server",
        DisconnectVerdict.NoMessageAuthenticator => "without Message-Authenticator: let the server add one",
        DisconnectVerdict.NotAuthentic => "made with another shared secret",
        DisconnectVerdict.TooOld => "Event-Timestamp is more than five minutes from this host's clock: set both clocks",
        DisconnectVerdict.Replayed => "a copy from another port: somebody plays them again",
        _ => "it is none",
    };
}
