using Pdm6.Agent.Configuration;
using Pdm6.Agent.Paths;
using Pdm6.Datapath;
using Pdm6.Wire;

namespace Pdm6.Agent.Policy;

/// <summary>Says what happens to a packet at this moment. It asks only, and changes nothing. Thread-safe.</summary>
/// <param name="policy">The rules in use.</param>
/// <param name="addresses">The addresses that are measured from.</param>
/// <param name="hasKey">True if packets of a pair can be sealed now.</param>
/// <param name="isRegistered">True if an agent is known to live at an address.</param>
/// <param name="lostForms">What the path of a pair loses.</param>
internal sealed class FlowExplainer(
    Func<AgentConfiguration> policy, IReadOnlyList<Ipv6Address> addresses, Func<AddressPair, bool> hasKey, Func<Ipv6Address, bool> isRegistered,
    Func<AddressPair, LostForms> lostForms)
{
    internal FlowExplanation Explain(FlowQuestion question, in FlowKey flow)
    {
        AgentConfiguration configuration = policy();
        AddressPair pair = new(flow.Source, flow.Destination);
        bool isKnown = hasKey(pair);
        LostForms lost = lostForms(pair);
        string? leavesBy = question.Interface ?? (configuration.Interfaces.Count == 1 ? configuration.Interfaces[0] : null);
        PolicyExplanation rules = PolicyExplanation.Of(configuration, flow, question.Dscp, question.Mark, leavesBy, question.Cgroup);
        (PacketCarriage carriage, string outcome) = leavesBy is not null && !configuration.Interfaces.Contains(leavesBy)
            ? LeftAlone($"the agent does not measure on {leavesBy}; it measures on {string.Join(", ", configuration.Interfaces)}")
            : Decide(configuration, rules, flow, isKnown, lost);
        return new FlowExplanation(
            rules, isKnown, [.. lost.Each().Select(single => PathForms.Of(single).ToString())],
            carriage == PacketCarriage.Nothing ? null : carriage.ToName(), outcome);
    }

    private (PacketCarriage Carriage, string Outcome) Decide(
        AgentConfiguration configuration, PolicyExplanation rules, in FlowKey flow, bool isKnown, LostForms lost)
    {
        if (!PacketCarriageNames.TryParse(rules.Carriage, out PacketCarriage wanted))
            return (PacketCarriage.Nothing, rules.Outcome);
        if (!addresses.Contains(flow.Source))
            return LeftAlone($"{flow.Source} is not an address that this agent measures from (no-key); it measures from {string.Join(", ", addresses)}");
        if (!isKnown)
            return LeftAlone(WhyNoKey(configuration, flow.Destination));
        PacketCarriage form = PathFallback.Of(wanted, lost, flow.Protocol);
        string isLost = $"on the path to {flow.Destination}, {lost.Describe()} do not arrive whole";
        if (form == PacketCarriage.Nothing)
            return LeftAlone($"{isLost}, and the rule allows no other form for this protocol (no-form)");
        string instead = form == wanted ? "" : $" instead of {wanted.ToName()}: {isLost}";
        return (form, $"measured with {form.ToName()}{rules.Limits}{instead}, if the packet has room");
    }

    private string WhyNoKey(AgentConfiguration configuration, Ipv6Address destination)
    {
        if (isRegistered(destination))
            return $"the pair has no key yet (no-key): {destination} is registered, and the first packet asks for a key";
        return configuration.UnregisteredDestinations
            ? "the pair has no key yet (no-key): the first packet asks for one"
            : $"the pair has no key (no-key): nobody is known to have registered {destination}; enroll that host and start its agent. "
                + "The first packet has it looked up";
    }

    private static (PacketCarriage, string) LeftAlone(string why) => (PacketCarriage.Nothing, $"left alone: {why}");
}
