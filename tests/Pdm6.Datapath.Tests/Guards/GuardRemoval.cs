namespace Pdm6.Datapath.Tests.Guards;

/// <summary>How one guard is taken out of the programs, and the attack that it stands against.</summary>
/// <param name="Guard">The name behind its mark.</param>
/// <param name="Edits">What takes it out.</param>
/// <param name="Attack">Tells what it achieved; null: nothing.</param>
/// <param name="Scenario">Edits with which the attack is made, with the guard and without.</param>
internal sealed record GuardRemoval(string Guard, SourceEdit[] Edits, Func<ReadOnlyMemory<byte>, string?> Attack, params SourceEdit[] Scenario)
{
    internal static readonly IReadOnlyList<GuardRemoval> All =
    [
        new("lock",
            [
                new("bpf_spin_lock(&state->lock); /* guard: lock */", ""),
                new("bpf_spin_unlock(&state->lock);\n\treturn refused;", "return refused;"),
            ],
            GuardAttacks.TwoProcessorsOnOneFlow, Scenarios.NumbersStartAtZero, Scenarios.SlowNumber),
        new("serial",
            [new("serial < state->serial) { /* guard: serial */", "0) {")],
            GuardAttacks.PacketThatReadTheEpochBeforeItChanged, Scenarios.NumbersStartAtZero),
        new("wrap",
            [new("state->taken_in_serial >= PDM6_NUMBERS_PER_SERIAL) { /* guard: wrap */", "0) {")],
            GuardAttacks.MoreNumbersThanThereAre, Scenarios.NumbersStartAtZero),
        new("one-birth",
            [new("BPF_NOEXIST)) /* guard: one-birth */", "BPF_ANY))")],
            GuardAttacks.TwoFirstPackets, Scenarios.NumbersStartAtZero, Scenarios.NobodyFindsTheFlow,
            Scenarios.NobodyRemembersTheFlow),
        new("idle",
            [new("state->serial < request.serial_before && /* guard: idle */", "")],
            GuardAttacks.SweepOfAFlowThatIsUsedMeanwhile, Scenarios.NumbersStartAtZero),
        new("dead",
            [new("if (state->dead) /* guard: dead */", "if (0)")],
            GuardAttacks.PacketBetweenDeathAndRemoval, Scenarios.NumbersStartAtZero),
        new("five-fields",
            [new("if (!pdm6_same_flow(&state->flow, flow)) /* guard: five-fields */", "if (0)")],
            GuardAttacks.RecycledElementOfTheHash, Scenarios.NumbersStartAtZero, Scenarios.NobodyRemembersTheFlow),
        new("birth",
            [
                new("state->birth != number->birth) { /* guard: birth */", "0) {"),
                new("state->birth == memory->birth &&", ""),
            ],
            GuardAttacks.ProcessorThatRemembersAFormerLife, Scenarios.NumbersStartAtZero),
        new("deadline",
            [new("return now >= pair->deadline_ns; /* guard: deadline */", "return 0;")],
            GuardAttacks.AgentThatStoppedWorking, Scenarios.NumbersStartAtZero),
        new("lane",
            [new("if (!supply->lane || state->lane != supply->number) /* guard: lane */", "if (!supply->lane)")],
            LaneAttacks.LaneThatChangedHands, Scenarios.NumbersStartAtZero, Scenarios.EveryoneFindsTheFirstLane),
        new("prepared-serial",
            [new("if (state->prepared_serial != serial) /* guard: prepared-serial */", "if (0)")],
            LaneAttacks.LaneOfTheEpochBefore),
        new("prepared-carriage",
            [new("if (state->prepared_carriage != supply->carriage) /* guard: prepared-carriage */", "if (0)")],
            LaneAttacks.LaneOfAnotherCarriage),
        new("prepared-range",
            [new("if (state->next_psntp - state->prepared_first >= state->prepared_end - state->prepared_first) /* guard: prepared-range */", "if (0)")],
            LaneAttacks.LaneThatRanDry),
        new("erase",
            [new("prepared->keystream[0] = 0; /* guard: erase */", "")],
            LaneAttacks.ReaderOfUsedKeystream),
        new("frame-number",
            [new("= __sync_fetch_and_add(&pair->taken, 1); /* guard: frame-number */", Scenarios.SlowFrameNumber)],
            FrameAttacks.TwoProcessorsOnOneKey),
        new("frame-wrap",
            [new("if (taken >= PDM6_FRAME_NUMBERS - 1) /* guard: frame-wrap */", "if (0)")],
            FrameAttacks.MoreNumbersThanThereAre),
        new("frame-serial",
            [new("return pair->serial << PDM6_FRAME_NUMBER_BITS | (taken + 1); /* guard: frame-serial */", "return taken + 1;")],
            FrameAttacks.OneKeyInTwoEpochs),
        new("frame-deadline",
            [new("if (now >= pair->deadline_ns) /* guard: frame-deadline */", "if (0)")],
            FrameAttacks.EpochWhoseTimeIsOver),
        .. OfRememberedPairs(new MemoryAttacks(PacketCarriage.DestoptV2)),
        .. OfRememberedPairs(new MemoryAttacks(PacketCarriage.UdpOption)),
    ];

    /// <summary>The guard, and where several attacks are made on it, which one.</summary>
    internal string Name => Variant is null ? Guard : $"{Guard}, {Variant}";

    private string? Variant { get; init; }

    private static IEnumerable<GuardRemoval> OfRememberedPairs(MemoryAttacks attacks) => ((GuardRemoval[])
    [
        new("pairs-generation",
            [new("(memory->pairs == pairs) & /* guard: pairs-generation */", "!!memory->pairs &")],
            attacks.ProcessorThatRemembersTheEpochBefore, Scenarios.PairsAreRememberedLong),
        new("remembered-deadline",
            [new("until < pair->deadline_ns ? until : pair->deadline_ns; /* guard: remembered-deadline */", "until;")],
            attacks.AgentThatStopsWorking, Scenarios.PairsAreRememberedLong),
        new("remembered-caps",
            [new("pdm6_has_caps(policy, rule) || /* guard: remembered-caps */", "")],
            attacks.FlowWithACap, Scenarios.PairsAreRememberedLong),
        new("remembered-choice",
            [new("pdm6_chooses_packets(rule)) /* guard: remembered-choice */", "0)")],
            attacks.FlowWhosePacketsAreSampled, Scenarios.PairsAreRememberedLong),
        new("key-at-hand",
            [new("!has_key && !number->is_prepared) { /* guard: key-at-hand */", "0) {")],
            attacks.LaneThatRanDry, Scenarios.PairsAreRememberedLong),
    ]).Select(removal => removal with { Variant = attacks.Carriage.ToName() });
}
