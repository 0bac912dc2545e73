using System.Net;
using System.Net.Sockets;

namespace Pdm6.Lab;

/// <summary>
/// Makes a TCP port of a namespace reachable at the host's loopback address, so that a browser on the host can see a page
/// served in the namespace. Nothing else of the host changes.
/// </summary>
public sealed class LoopbackForwarder : IAsyncDisposable
{
    private readonly Socket _listener;
    private readonly NetworkNamespace _namespace;
    private readonly IPEndPoint _inside;
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _accepting;

    private LoopbackForwarder(Socket listener, NetworkNamespace host, IPEndPoint inside)
    {
        _listener = listener;
        _namespace = host;
        _inside = inside;
        _accepting = AcceptAsync();
    }

    /// <summary>Where to connect to on the host.</summary>
    public IPEndPoint Endpoint => (IPEndPoint)_listener.LocalEndPoint!;

    /// <summary>
    /// Listens at <paramref name="wantedPort"/> of [::1] (127.0.0.1 on hosts without IPv6), or at any free port if that
    /// one is taken, and forwards to <paramref name="inside"/> in <paramref name="host"/>.
    /// </summary>
    /// <exception cref="LaboratoryException">No port can be listened on.</exception>
    public static LoopbackForwarder Start(NetworkNamespace host, IPEndPoint inside, int wantedPort)
    {
        foreach (IPAddress address in (IPAddress[])[IPAddress.IPv6Loopback, IPAddress.Loopback])
        {
            foreach (int port in (int[])[wantedPort, 0])
            {
                Socket listener = new(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
                try
                {
                    listener.Bind(new IPEndPoint(address, port));
                    listener.Listen();
                    return new LoopbackForwarder(listener, host, inside);
                }
                catch (SocketException)
                {
                    listener.Dispose(); // taken, or an address that this host does not have: the next one
                }
            }
        }
        throw new LaboratoryException("No port of the loopback interface can be listened on. Is the loopback interface up?");
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        await _accepting.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _listener.Dispose();
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        List<Task> connections = [];
        try
        {
            while (true)
            {
                Socket outside = await _listener.AcceptAsync(_stop.Token).ConfigureAwait(false);
                connections.RemoveAll(connection => connection.IsCompleted);
                connections.Add(Task.Run(() => ForwardAsync(outside)));
            }
        }
        finally
        {
            await Task.WhenAll(connections).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task ForwardAsync(Socket accepted)
    {
        using Socket outside = accepted;
        try
        {
            using Socket inside = _namespace.Connect(_inside);
            await Task.WhenAll(CopyAsync(outside, inside), CopyAsync(inside, outside)).ConfigureAwait(false);
        }
        catch (SocketException)
        {
            // Nobody listens inside: closing tells the caller.
        }
    }

    private async Task CopyAsync(Socket from, Socket to)
    {
        byte[] buffer = new byte[16 * 1024];
        try
        {
            while (await from.ReceiveAsync(buffer, _stop.Token).ConfigureAwait(false) is > 0 and int received)
            {
                for (int sent = 0; sent < received;)
                    sent += await to.SendAsync(buffer.AsMemory(sent, received - sent), _stop.Token).ConfigureAwait(false);
            }
            to.Shutdown(SocketShutdown.Send);
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // One side went away: closing both tells the other, and ends the copy of the other direction.
            from.Dispose();
            to.Dispose();
        }
    }
}
