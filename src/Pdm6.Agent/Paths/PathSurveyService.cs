using System.Net.Sockets;
using System.Text;
using Pdm6.Agent.Status;
using Pdm6.Wire;

namespace Pdm6.Agent.Paths;

/// <summary>A Unix socket beside the status socket: whoever writes an address there is told what arrives at it. One after
/// the other: a survey takes packets.</summary>
internal static class PathSurveyService
{
    private const string Suffix = ".path";
    private const int LongestAddress = 64;
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(5), s_surveyPatience = TimeSpan.FromSeconds(60);

    /// <summary>Opens the socket.</summary>
    /// <exception cref="AgentException">The path cannot be used.</exception>
    internal static StatusSocket Open(string statusSocket, PathSurveyor surveyor) =>
        StatusSocket.Open(statusSocket + Suffix, (client, stop) => AnswerAsync(client, surveyor, stop));

    internal static Task<byte[]> AskAsync(string statusSocket, Ipv6Address destination, CancellationToken stop) =>
        StatusSocket.ReadAsync(statusSocket + Suffix, Encoding.ASCII.GetBytes($"{destination}\n"), s_surveyPatience, stop);

    private static async Task<byte[]> AnswerAsync(Socket client, PathSurveyor surveyor, CancellationToken stop)
    {
        string line = await ReadLineAsync(client, stop).ConfigureAwait(false);
        return Ipv6Address.TryParse(line, out Ipv6Address destination)
            ? (await surveyor.RunAsync(destination, stop).ConfigureAwait(false)).ToJson()
            : new PathSurvey("", "", 0, [], "that is not an IPv6 address").ToJson();
    }

    private static async Task<string> ReadLineAsync(Socket client, CancellationToken stop)
    {
        using CancellationTokenSource deadline = CancellationTokenSource.CreateLinkedTokenSource(stop);
        deadline.CancelAfter(s_patience);
        byte[] octets = new byte[LongestAddress];
        int size = 0;
        while (size < octets.Length && octets.AsSpan(0, size).IndexOf((byte)'\n') < 0
            && await client.ReceiveAsync(octets.AsMemory(size), deadline.Token).ConfigureAwait(false) is > 0 and int more)
            size += more;
        return Encoding.ASCII.GetString(octets, 0, size).TrimEnd('\n');
    }
}
