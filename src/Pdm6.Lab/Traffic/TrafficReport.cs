namespace Pdm6.Lab;

/// <summary>How a kind of traffic went.</summary>
/// <param name="Name">Which.</param>
/// <param name="Requests">Requests made.</param>
/// <param name="Unanswered">Requests of programs that never ask twice (ping, dnsperf) to which no answer came. On a path
/// that loses packets this is loss; on one that loses none it is an error.</param>
/// <param name="Errors">Requests that got a wrong answer, or none although the program or TCP asked again.</param>
/// <param name="Remarks">What was wrong with the first of them, for a person.</param>
public sealed record TrafficReport(
    string Name, long Requests, long Unanswered, long Errors, IReadOnlyList<string> Remarks)
{
    /// <summary>
    /// Requests that the application saw fail. A retry that succeeded (a TCP retransmission, a second DNS query) is none.
    /// </summary>
    public long ApplicationErrors(bool pathLosesPackets) => pathLosesPackets ? Errors : Errors + Unanswered;
}
