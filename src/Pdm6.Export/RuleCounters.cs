namespace Pdm6.Export;

/// <summary>What an agent did with the packets of one of its rules since it started.</summary>
/// <param name="Name">The rule's name.</param>
/// <param name="Selected">Packets that the rule chose.</param>
/// <param name="Sealed">Packets that left with an option, sealed or in clear as the rule asks.</param>
/// <param name="LeftAlone">Packets left alone, by reason in kebab-case (<c>enum pdm6_reason</c>).</param>
public sealed record RuleCounters(
    string Name, long Selected, long Sealed, IReadOnlyDictionary<string, long> LeftAlone);
