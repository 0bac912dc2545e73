using Pdm6.Agent.Configuration;
using Pdm6.Datapath;

namespace Pdm6.Agent.Policy;

/// <summary>Looks at rules that load for what was hardly meant.</summary>
public static class PolicyCheck
{
    /// <summary>Warnings, in the order of the rules. Needs nothing of the host.</summary>
    /// <exception cref="AgentException">The rules cannot be compiled.</exception>
    public static IReadOnlyList<PolicyWarning> Run(AgentConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        IReadOnlyList<PolicyRule> rules = new NamedOrigins().RulesOf(configuration);
        try
        {
            PolicyTables.Compile(rules);
        }
        catch (ArgumentException error)
        {
            throw new AgentException($"\"rules\": {error.Message}", error);
        }
        List<PolicyWarning> warnings = [];
        for (int i = 0; i < rules.Count; i++)
            foreach (string text in WarningsOf(configuration, rules, i))
                warnings.Add(new PolicyWarning(i + 1, configuration.Rules[i].Name, text));
        return warnings;
    }

    private static IEnumerable<string> WarningsOf(AgentConfiguration configuration, IReadOnlyList<PolicyRule> rules, int index)
    {
        PolicyRule rule = rules[index];
        if (PolicyReview.CanNeverMatch(rule))
            yield return "no packet can fall under it: its exceptions take all of its prefixes; make them smaller, or take the rule out";
        else if (PolicyReview.ShadowOf(rules, index) is { } shadow)
            yield return $"no packet can fall under it: rule {shadow + 1}, {configuration.Rules[shadow].Name}, comes first and takes all of them; "
                + "put this one before that, or take it out";
        if (rule.SamplesPackets && rule.SampleOneIn > 1)
            yield return "\"sampleBy\": \"packet\" mixes packets with and without an option in one flow; they may take different paths and "
                + "receive queues, and overtake each other; \"flow\" does not";
        if (rule.SamplesPackets && rule.SampleOneIn == 1)
            yield return "\"sampleBy\" does nothing without \"sampleOneIn\"; take it out, or say one in how many";
        if (rule.FlowPacketsPerSecond != 0 && rule.PacketsPerSecond != 0 && rule.FlowPacketsPerSecond > rule.PacketsPerSecond)
            yield return "\"flowPacketsPerSecond\" is above \"packetsPerSecond\", so it never holds anything back; make it smaller, or take it out";
    }
}
