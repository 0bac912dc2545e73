using Pdm6.Wire;

namespace Pdm6.Datapath;

/// <summary>The names under which verdicts are shown and exported: <c>not-ahead</c> and the like.</summary>
public static class VerdictNames
{
    private static readonly ObservationVerdict[] s_verdicts = Enum.GetValues<ObservationVerdict>();
    private static readonly string[] s_names = [.. s_verdicts.Select(verdict => KebabCase.Of(verdict.ToString()))];

    /// <summary>Every verdict, in the order of their values.</summary>
    public static IReadOnlyList<ObservationVerdict> All => s_verdicts;

    /// <summary>The name in kebab-case.</summary>
    public static string ToName(this ObservationVerdict verdict) => s_names[(int)verdict];
}
