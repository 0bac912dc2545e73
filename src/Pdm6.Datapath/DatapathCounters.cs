using Pdm6.Wire;

namespace Pdm6.Datapath;

/// <summary>What the kernel programs counted since they were loaded: a copy, read without stopping anything.</summary>
public sealed class DatapathCounters
{
    private readonly ulong[] _outcomes;
    private readonly ulong[] _verdicts;

    internal DatapathCounters(ulong[] outcomes, ulong[] verdicts, ulong stripped, ulong ringLost) =>
        (_outcomes, _verdicts, Stripped, RingLost) = (outcomes, verdicts, stripped, ringLost);

    /// <summary>Packets on ingress that had the option taken off.</summary>
    public ulong Stripped { get; }

    /// <summary>Records that found the ring buffer full.</summary>
    public ulong RingLost { get; }

    /// <summary>Packets on egress that a rule matched.</summary>
    public ulong OfRule(int rule, PacketOutcome outcome)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(rule);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(rule, PolicyTables.MaxRules);
        return _outcomes[rule * PacketOutcomeNames.All.Count + (int)outcome];
    }

    /// <summary>Packets on egress that were left alone before any rule was looked for.</summary>
    public ulong BeforeRules(PacketOutcome outcome) => _outcomes[PolicyTables.MaxRules * PacketOutcomeNames.All.Count + (int)outcome];

    /// <summary>Options seen on ingress.</summary>
    public ulong OfVerdict(ObservationVerdict verdict) => _verdicts[(int)verdict];
}
