using System.Net;
using System.Net.Sockets;
using Pdm6.Security.Identity;
using Pdm6.Wire;

namespace Pdm6.Registration.Addresses;

/// <summary>
/// Answers address checks on one address of this host. It says one thing to whoever asks well-formed, shorter than the
/// question and not too often; everything else is dropped without a word.
/// </summary>
public sealed class AddressCheckResponder : IAsyncDisposable
{
    private readonly IdentityKey _identity;
    private readonly Ipv6Address _address;
    private readonly SourceRates _rates;
    private readonly Socket _socket = new(AddressFamily.InterNetworkV6, SocketType.Dgram, ProtocolType.Udp);
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _work;

    private AddressCheckResponder(IdentityKey identity, Ipv6Address address, int port, TimeProvider time)
    {
        (_identity, _address, _rates) = (identity, address, RatesOf(time));
        try
        {
            _socket.Bind(new IPEndPoint(AddressCheck.ToIpAddress(address), port));
        }
        catch
        {
            _socket.Dispose();
            _stop.Dispose();
            throw;
        }
        Port = ((IPEndPoint)_socket.LocalEndPoint!).Port;
        _work = Task.Run(() => RunAsync(_stop.Token));
    }

    /// <summary>Begins to answer.</summary>
    /// <param name="identity">Signs the answers; used by this responder alone until it is disposed of.</param>
    /// <param name="address">The address of this host to answer for.</param>
    /// <param name="time">Measures how often is too often.</param>
    /// <param name="port">Where, 0 for any.</param>
    /// <exception cref="SocketException">The address is not one of this host, or the port is taken.</exception>
    public static AddressCheckResponder Start(
        IdentityKey identity, Ipv6Address address, TimeProvider time, int port = AddressCheck.DefaultPort)
    {
        ArgumentNullException.ThrowIfNull(identity);
        ArgumentNullException.ThrowIfNull(time);
        return new AddressCheckResponder(identity, address, port, time);
    }

    /// <summary>The UDP port that it answers on.</summary>
    public int Port { get; }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        await _work.ConfigureAwait(false);
        _socket.Dispose();
        _stop.Dispose();
    }

    /// <summary>5 in a second to a source /64, with a burst of 20, and 200 to all, with a burst of 400: an answer takes a
    /// signature.</summary>
    internal static SourceRates RatesOf(TimeProvider time) => new(time, perSecond: 5, burst: 20, perSecondToAll: 200, burstToAll: 400);

    private async Task RunAsync(CancellationToken stop)
    {
        // One octet more than a request has, so that a longer datagram shows.
        byte[] datagram = new byte[AddressCheckFormat.RequestSize + 1];
        SocketAddress asker = new(AddressFamily.InterNetworkV6);
        IPEndPoint endPoints = new(IPAddress.IPv6Any, 0);
        while (!stop.IsCancellationRequested)
        {
            try
            {
                int size = await _socket.ReceiveFromAsync(datagram, SocketFlags.None, asker, stop).ConfigureAwait(false);
                if (!AddressCheckFormat.IsRequest(datagram.AsSpan(0, size)))
                    continue;
                Ipv6Address source = AddressOf((IPEndPoint)endPoints.Create(asker));
                if (_rates.Admit(source))
                    await _socket.SendToAsync(
                        AddressCheckFormat.Reply(datagram.AsSpan(0, size), _identity, _address, source),
                        SocketFlags.None, asker, stop).ConfigureAwait(false);
            }
            catch (SocketException)
            {
                // An answer that cannot be sent, or the news of an earlier one that was not delivered: the next one's turn.
            }
            catch (OperationCanceledException)
            {
                // We are stopping, which the loop's condition tells.
            }
        }
    }

    private static Ipv6Address AddressOf(IPEndPoint endPoint)
    {
        Span<byte> octets = stackalloc byte[Ipv6Address.Size];
        endPoint.Address.TryWriteBytes(octets, out _);
        return Ipv6Address.Read(octets);
    }
}
