using System.Net.Sockets;

namespace Pdm6.Agent.Status;

/// <summary>
/// A Unix socket, for its owner only, that tells everybody who connects one thing and closes. It also is what keeps two
/// agents of one name apart.
/// </summary>
internal sealed class StatusSocket : IDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(5);
    private const int ErrorNoSuchDeviceOrAddress = 6; // ENXIO

    private readonly string _path;
    private readonly Socket _listener;
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _serving;

    private StatusSocket(string path, Socket listener, StatusService.Answer answer)
    {
        (_path, _listener) = (path, listener);
        _serving = new StatusService(listener.AcceptAsync, answer, TimeProvider.System).RunAsync(_stop.Token);
    }

    /// <summary>Throws if an agent is alive behind the path, or if something else is there. Changes nothing.</summary>
    /// <exception cref="AgentException">The path cannot be used.</exception>
    internal static void RequireFree(string path) => _ = IsLeftBehind(path);

    /// <summary>Creates the directory if need be, and the socket, mode 0600.</summary>
    /// <param name="path">Where.</param>
    /// <param name="status">What to tell; called at each connection.</param>
    /// <exception cref="AgentException">The path cannot be used.</exception>
    internal static StatusSocket Open(string path, Func<byte[]> status) => Open(path, (_, _) => Task.FromResult(status()));

    /// <summary>Creates the directory if need be, and the socket, mode 0600.</summary>
    /// <param name="path">Where.</param>
    /// <param name="answer">What to tell; called at each connection.</param>
    /// <exception cref="AgentException">The path cannot be used.</exception>
    internal static StatusSocket Open(string path, StatusService.Answer answer)
    {
        bool isLeftBehind = IsLeftBehind(path);
        Socket listener = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            if (isLeftBehind)
                File.Delete(path);
            listener.Bind(new UnixDomainSocketEndPoint(path));
            // Nobody can connect before the socket listens, so there is no moment at which others could.
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
            listener.Listen();
            return new StatusSocket(path, listener, answer);
        }
        catch (Exception error) when (error is SocketException or IOException or UnauthorizedAccessException or ArgumentException)
        {
            listener.Dispose();
            throw new AgentException($"{path} cannot be made ({error.Message}): give another \"statusSocket\"", error);
        }
    }

    /// <summary>Asks whoever is behind a path.</summary>
    internal static Task<byte[]> ReadAsync(string path, CancellationToken cancellationToken) =>
        ReadAsync(path, default, s_patience, cancellationToken);

    /// <summary>Asks whoever is behind a path something.</summary>
    internal static async Task<byte[]> ReadAsync(
        string path, ReadOnlyMemory<byte> question, TimeSpan patience, CancellationToken cancellationToken)
    {
        using CancellationTokenSource deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        deadline.CancelAfter(patience);
        using Socket socket = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(path), deadline.Token).ConfigureAwait(false);
            if (!question.IsEmpty)
                await socket.SendAsync(question, deadline.Token).ConfigureAwait(false);
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

    /// <summary>True if a socket is there that nobody listens on: an agent was killed.</summary>
    private static bool IsLeftBehind(string path)
    {
        if (!File.Exists(path))
            return false;
        RequireSocket(path);
        using Socket probe = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            probe.Connect(new UnixDomainSocketEndPoint(path));
        }
        catch (SocketException error) when (error.SocketErrorCode == SocketError.ConnectionRefused)
        {
            return true;
        }
        catch (SocketException error)
        {
            throw Unusable(path, error);
        }
        throw new AgentException($"An agent is already running behind {path}: stop it first, or give this one another \"name\"");
    }

    // Connecting refuses a file like a socket that nobody listens on, and .NET does not tell the one from the other. But
    // a socket is what cannot be opened; to open for writing as well does not wait, should it be a FIFO.
    private static void RequireSocket(string path)
    {
        try
        {
            File.OpenHandle(path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite).Dispose();
        }
        catch (IOException error) when (error.HResult == ErrorNoSuchDeviceOrAddress)
        {
            return;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw Unusable(path, error);
        }
        throw new AgentException($"{path} is a file: give another \"statusSocket\"");
    }

    private static AgentException Unusable(string path, Exception error) =>
        new($"{path} cannot be used ({error.Message}): give another \"statusSocket\"", error);
}
