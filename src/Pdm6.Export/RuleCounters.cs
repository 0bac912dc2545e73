namespace Pdm6.Export;

/// <summary>What an agent did with the packets of one of its rules since it started.</summary>
/// <param name="Name">The rule's name.</param>
/// <param name="Selected">Packets that the rule chose.</param>
/// <param name="Sealed">Packets that left with an option or as a frame that is sealed.</param>
/// <param name="LeftAlone">Packets left alone, by reason in kebab-case (<c>enum pdm6_reason</c>).</param>
/// <param name="SentClear">Packets that left with an option in clear. Agents that do not tell count them as sealed.</param>
public sealed record RuleCounters(
    string Name, long Selected, long Sealed, IReadOnlyDictionary<string, long> LeftAlone, long SentClear = 0);
