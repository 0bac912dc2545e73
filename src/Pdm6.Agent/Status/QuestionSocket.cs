using System.Net.Sockets;
using System.Text;

namespace Pdm6.Agent.Status;

/// <summary>A <see cref="StatusSocket"/> whose clients say a line first, and are told something about that. One after the
/// other.</summary>
internal static class QuestionSocket
{
    private const int LongestLine = 8192;
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(5);

    /// <summary>Opens the socket, mode 0600.</summary>
    /// <param name="path">Where.</param>
    /// <param name="answer">What to say to a line; the line is whatever a client wrote.</param>
    /// <exception cref="AgentException">The path cannot be used.</exception>
    internal static StatusSocket Open(string path, Func<string, CancellationToken, Task<byte[]>> answer) => StatusSocket.Open(
        path, async (client, stop) => await answer(await ReadLineAsync(client, stop).ConfigureAwait(false), stop).ConfigureAwait(false));

    /// <summary>Asks whoever is behind a path.</summary>
    /// <exception cref="AgentException">Nobody answers.</exception>
    internal static Task<byte[]> AskAsync(string path, string line, TimeSpan patience, CancellationToken stop) =>
        StatusSocket.ReadAsync(path, Encoding.UTF8.GetBytes(line + '\n'), patience, stop);

    private static async Task<string> ReadLineAsync(Socket client, CancellationToken stop)
    {
        using CancellationTokenSource deadline = CancellationTokenSource.CreateLinkedTokenSource(stop);
        deadline.CancelAfter(s_patience);
        byte[] octets = new byte[LongestLine];
        int size = 0;
        while (size < octets.Length && octets.AsSpan(0, size).IndexOf((byte)'\n') < 0
            && await client.ReceiveAsync(octets.AsMemory(size), deadline.Token).ConfigureAwait(false) is > 0 and int more)
            size += more;
        return Encoding.UTF8.GetString(octets, 0, size).TrimEnd('\n');
    }
}
