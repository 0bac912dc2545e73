using Pdm6.Agent.Status;
using Pdm6.Wire;

namespace Pdm6.Agent.Paths;

/// <summary>A Unix socket beside the status socket: whoever writes an address there is told what arrives at it. One after
/// the other: a survey takes packets.</summary>
internal static class PathSurveyService
{
    private const string Suffix = ".path";
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);

    /// <summary>Opens the socket.</summary>
    /// <exception cref="AgentException">The path cannot be used.</exception>
    internal static StatusSocket Open(string statusSocket, PathSurveyor surveyor) => QuestionSocket.Open(
        statusSocket + Suffix,
        async (line, stop) => Ipv6Address.TryParse(line, out Ipv6Address destination)
            ? (await surveyor.RunAsync(destination, stop).ConfigureAwait(false)).ToJson()
            : new PathSurvey("", "", 0, [], "that is not an IPv6 address").ToJson());

    internal static Task<byte[]> AskAsync(string statusSocket, Ipv6Address destination, CancellationToken stop) =>
        QuestionSocket.AskAsync(statusSocket + Suffix, destination.ToString(), s_patience, stop);
}
