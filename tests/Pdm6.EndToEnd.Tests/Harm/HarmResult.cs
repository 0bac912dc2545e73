using System.Text;
using Pdm6.Lab;

namespace Pdm6.EndToEnd.Tests.Harm;

/// <summary>What came of a run.</summary>
/// <param name="Packets">Packets that the router took in.</param>
/// <param name="Seconds">How long it took.</param>
/// <param name="PathChanges">How often the path MTU changed.</param>
/// <param name="Traffic">How each kind of traffic went.</param>
/// <param name="Left">What is there that was not there before: kernel objects, files, settings of hosts.</param>
/// <param name="Agents">The agents that ran; null without agents.</param>
internal sealed record HarmResult(
    long Packets, double Seconds, int PathChanges, IReadOnlyList<TrafficReport> Traffic, IReadOnlyList<string> Left, RestlessAgents? Agents)
{
    /// <summary>Requests that failed, of a kind of traffic. The path loses nothing but what is too big for it.</summary>
    internal long ErrorsOf(string kind) => Traffic.Single(report => report.Name == kind).ApplicationErrors(pathLosesPackets: false);

    public override string ToString()
    {
        StringBuilder text = new();
        text.AppendLine($"{Packets:n0} packets in {Seconds:n0} s, path MTU changed {PathChanges} times, left behind: {Left.Count}");
        if (Agents is { } agents)
        {
            text.AppendLine($"agents: {agents.Stops} stopped, {agents.Kills} killed, {agents.EarlyKills} killed while starting, "
                + $"{agents.Reloads} reloads of rules, {agents.Refusals} refused, {agents.Failures.Count} failures");
            text.AppendLine($"{agents.Totals}");
        }
        foreach (TrafficReport report in Traffic)
            text.AppendLine($"  {report.Name,-26} {report.Requests,10:n0} requests {report.ApplicationErrors(false),5:n0} errors  {string.Join("; ", report.Remarks)}");
        foreach (string problem in Left.Concat(Agents?.Failures ?? []))
            text.AppendLine($"  ! {problem}");
        return text.ToString();
    }
}
