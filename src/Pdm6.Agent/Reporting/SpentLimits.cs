using Pdm6.Datapath;
using Pdm6.Export;

namespace Pdm6.Agent.Reporting;

/// <summary>Tells people which limit has ended the measurement of something, and what to do about it: once for each.</summary>
/// <param name="log">Takes single lines.</param>
internal sealed class SpentLimits(Action<string> log)
{
    private static readonly (PacketOutcome Outcome, string Line)[] s_lines =
    [
        (PacketOutcome.NumbersExhausted,
            "A flow has used all 4,294,967,296 numbers of an epoch: its packets are not measured before the next epoch. Choose a smaller \"epochSeconds\"."),
        (PacketOutcome.FlowTableFull,
            "The flow table is full: new flows are not measured until others have ended. Choose a larger \"flowTableSize\"."),
    ];

    private readonly HashSet<string> _said = [];

    /// <summary>Looks for limits that packets have met.</summary>
    internal void Look(CounterReport report)
    {
        foreach ((PacketOutcome outcome, string line) in s_lines)
            if (report.Rules.Any(rule => rule.LeftAlone.GetValueOrDefault(outcome.ToName()) > 0))
                SayOnce(line);
    }

    /// <summary>Says a line unless it was said before.</summary>
    internal void SayOnce(string line)
    {
        if (_said.Add(line))
            log(line);
    }
}
