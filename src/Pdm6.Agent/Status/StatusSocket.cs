using System.Net.Sockets;

namespace Pdm6.Agent.Status;

/// <summary>
/// A Unix socket, for its owner only, that tells everybody who connects one thing and closes. It also is what keeps two
/// agents of one name apart.
/// </summary>
internal sealed class StatusSocket : IDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(5);

    private readonly string _path;
    private readonly Socket _listener;
    private readonly Func<byte[]> _status;
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _serving;

    private StatusSocket(string path, Socket listener, Func<byte[]> status)
    {
        (_path, _listener, _status) = (path, listener, status);
        _serving = ServeAsync();
    }

    /// <summary>Throws if an agent is alive behind the path, or if something else is there. Changes nothing.</summary>
    /// <exception cref="AgentException">The path cannot be used.</exception>
    internal static void RequireFree(string path)
    {
        if (!File.Exists(path))
            return;
        if (new FileInfo(path).Length > 0)
            throw new AgentException($"{path} is a file: give another \"statusSocket\"");
        using Socket probe = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            probe.Connect(new UnixDomainSocketEndPoint(path));
        }
        catch (SocketException error) when (error.SocketErrorCode == SocketError.ConnectionRefused)
        {
            return; // left behind by an agent that was killed
        }
        catch (SocketException error)
        {
            throw new AgentException($"{path} cannot be used ({error.Message}): give another \"statusSocket\"", error);
        }
        throw new AgentException($"An agent is already running behind {path}: stop it first, or give this one another \"name\"");
    }

    /// <summary>Creates the directory if need be, and the socket, mode 0600.</summary>
    /// <param name="path">Where.</param>
    /// <param name="status">What to tell; called at each connection.</param>
    /// <exception cref="AgentException">The path cannot be used.</exception>
    internal static StatusSocket Open(string path, Func<byte[]> status)
    {
        RequireFree(path);
        Socket listener = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.Delete(path);
            listener.Bind(new UnixDomainSocketEndPoint(path));
            // Nobody can connect before the socket listens, so there is no moment at which others could.
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
            listener.Listen();
            return new StatusSocket(path, listener, status);
        }
        catch (Exception error) when (error is SocketException or IOException or UnauthorizedAccessException or ArgumentException)
        {
            listener.Dispose();
            throw new AgentException($"{path} cannot be made ({error.Message}): give another \"statusSocket\"", error);
        }
    }

    /// <summary>Asks whoever is behind a path.</summary>
    internal static async Task<byte[]> ReadAsync(string path, CancellationToken cancellationToken)
    {
        using CancellationTokenSource deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        deadline.CancelAfter(s_patience);
        using Socket socket = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(path), deadline.Token).ConfigureAwait(false);
            using MemoryStream answer = new();
            using NetworkStream stream = new(socket);
            await stream.CopyToAsync(answer, deadline.Token).ConfigureAwait(false);
            return answer.ToArray();
        }
        catch (Exception error) when (error is SocketException or IOException or ArgumentException
            || error is OperationCanceledException && !cancellationToken.IsCancellationRequested)
        {
            throw new AgentException($"No agent answers behind {path}: is it running, and are you its user?", error);
        }
    }

    public void Dispose()
    {
        _stop.Cancel();
        _listener.Dispose();
        _serving.GetAwaiter().GetResult(); // ends at once: it waits for nothing else
        File.Delete(_path);
        _stop.Dispose();
    }

    private async Task ServeAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                using Socket client = await _listener.AcceptAsync(_stop.Token).ConfigureAwait(false);
                using CancellationTokenSource deadline = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token);
                deadline.CancelAfter(s_patience);
                await client.SendAsync(_status(), deadline.Token).ConfigureAwait(false);
            }
            catch (Exception error) when (error is SocketException or OperationCanceledException or ObjectDisposedException)
            {
                // This client went away, or we are stopping: the loop's condition tells.
            }
        }
    }
}
