namespace Pdm6.Datapath;

/// <summary>The names under which outcomes are shown and exported: <c>flow-table-full</c> and the like.</summary>
public static class PacketOutcomeNames
{
    private static readonly PacketOutcome[] s_outcomes = Enum.GetValues<PacketOutcome>();
    private static readonly string[] s_names = [.. s_outcomes.Select(outcome => KebabCase.Of(outcome.ToString()))];

    /// <summary>Every outcome, in the order of their values.</summary>
    public static IReadOnlyList<PacketOutcome> All => s_outcomes;

    /// <summary>The name in kebab-case.</summary>
    public static string ToName(this PacketOutcome outcome) => s_names[(int)outcome];
}
