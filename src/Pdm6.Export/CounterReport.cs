using System.Diagnostics.CodeAnalysis;
using Pdm6.Security;

namespace Pdm6.Export;

/// <summary>Everything that an agent counts, cumulative since its start: the last report wins.</summary>
/// <param name="IncarnationId">The life of the agent process that counted.</param>
/// <param name="AtUnixNs">When the counters were read; reports that are not newer than the last are ignored.</param>
/// <param name="Rules">By rule.</param>
/// <param name="NotSelected">Packets that no rule chose, by reason in kebab-case.</param>
/// <param name="Sent">Options sent by pair, rule and epoch. Past epochs may be left out once they were reported
/// with their final count.</param>
/// <param name="Ingress">Options received, by verdict in kebab-case (<see cref="Wire.ObservationVerdict"/>).</param>
/// <param name="RingLost">Observations that found the kernel's ring buffer full.</param>
/// <param name="ExportLost">Observations that the agent could neither send nor keep.</param>
/// <param name="PathFallbacks">How often a destination's path was found to lose a form of the option.</param>
/// <param name="PathReturns">How often such a form was found to arrive again.</param>
public sealed record CounterReport(
    IncarnationId IncarnationId, ulong AtUnixNs, IReadOnlyList<RuleCounters> Rules,
    IReadOnlyDictionary<string, long> NotSelected, IReadOnlyList<SentCounter> Sent,
    IReadOnlyDictionary<string, long> Ingress, long RingLost, long ExportLost, long PathFallbacks = 0, long PathReturns = 0)
{
    /// <summary>The most entries of <see cref="Sent"/> in one report.</summary>
    public const int MaxSent = 16_384;

    /// <summary>The most reasons of one dictionary.</summary>
    public const int MaxReasons = 64;

    /// <summary>Checks what came from outside.</summary>
    /// <param name="error">What is wrong, in one line, when the answer is false.</param>
    public bool TryValidate([NotNullWhen(false)] out string? error)
    {
        error = null;
        if (Rules.Count > AgentDescription.MaxRules)
            error = $"{Rules.Count} rules, but an agent has at most {AgentDescription.MaxRules}";
        else if (Sent.Count > MaxSent)
            error = $"{Sent.Count} entries of options sent, but a report has at most {MaxSent}";
        else if (!Rules.All(rule => AgentDescription.IsName(rule?.Name) && rule!.Selected >= 0 && rule.Sealed >= 0 && rule.SentClear >= 0))
            error = "a rule has no usable name or a negative counter";
        else if (Rules.Select(rule => rule.Name).Distinct(StringComparer.Ordinal).Count() != Rules.Count)
            error = "two rules have the same name";
        else if (!Rules.All(rule => AreCounters(rule.LeftAlone)) || !AreCounters(NotSelected) || !AreCounters(Ingress))
            error = $"counters by reason: at most {MaxReasons}, names in kebab-case, counts not negative";
        else if (!Sent.All(sent => AgentDescription.IsName(sent?.Rule) && sent!.Count >= 0 && sent.EpochIndex >= 0
                && sent.Epoch is >= 0 and <= 0x0fff))
            error = "an entry of options sent has no usable rule name, epoch or count";
        else if (RingLost < 0 || ExportLost < 0)
            error = "a counter of lost observations is negative";
        else if (PathFallbacks < 0 || PathReturns < 0)
            error = "a counter of paths is negative";
        return error is null;
    }

    private static bool AreCounters(IReadOnlyDictionary<string, long> counters) =>
        counters.Count <= MaxReasons && counters.All(entry => IsReason(entry.Key) && entry.Value >= 0);

    private static bool IsReason(string reason) =>
        reason.Length is > 0 and <= AgentDescription.MaxNameLength
        && reason.All(c => c is '-' || char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c));
}
