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
            [new("if (now >= pair->deadline_ns) { /* guard: deadline */", "if (0) {")],
            GuardAttacks.AgentThatStoppedWorking, Scenarios.NumbersStartAtZero),
        new("lane",
            [new("if (!lane || state->lane != number) /* guard: lane */", "if (!lane)")],
            LaneAttacks.LaneThatChangedHands, Scenarios.NumbersStartAtZero, Scenarios.EveryoneFindsTheFirstLane),
        new("prepared-serial",
            [new("if (state->prepared_serial != serial) /* guard: prepared-serial */", "if (0)")],
            LaneAttacks.LaneOfTheEpochBefore),
        new("prepared-range",
            [new("if (psntp - state->prepared_first >= state->prepared_end - state->prepared_first) /* guard: prepared-range */", "if (0)")],
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
    ];
}
