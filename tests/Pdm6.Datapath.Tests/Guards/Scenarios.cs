namespace Pdm6.Datapath.Tests.Guards;

/// <summary>Edits that take no guard out, but make certain what else needs luck.</summary>
internal static class Scenarios
{
    /// <summary>Every flow's numbers begin at 0. The random start is no part of the argument, and hides faults.</summary>
    internal static readonly SourceEdit NumbersStartAtZero = new("first_psntp = bpf_get_prandom_u32()", "first_psntp = 0");

    /// <summary>No packet finds its flow in the table: each is in the place of a processor that looked just before
    /// another one published the flow.</summary>
    internal static readonly SourceEdit NobodyFindsTheFlow = new(
        "return state ? state : pdm6_make_flow(flow);", "return (void)state, pdm6_make_flow(flow);");

    /// <summary>No processor remembers a flow: each packet is in the place of one that another processor sends.</summary>
    internal static readonly SourceEdit NobodyRemembersTheFlow = new("return pdm6_same_flow(&memory->flow, flow);", "return 0;");

    /// <summary>Every packet finds the first lane: each is in the place of one that looked before the lane changed
    /// hands.</summary>
    internal static readonly SourceEdit EveryoneFindsTheFirstLane = new("supply->number = index--;", "supply->number = index = 1, index--;");

    /// <summary>What is remembered of a pair is not looked at again for a long time: what a slow machine needs.</summary>
    internal static readonly SourceEdit PairsAreRememberedLong = new("#define PDM6_USE_GRAIN_NS 100000000 ", "#define PDM6_USE_GRAIN_NS 1000000000000 ");

    /// <summary>The next number of a key of udp-frames, taken slowly and in two steps.</summary>
    internal const string SlowFrameNumber =
        """
        = *(volatile __u64 *)&pair->taken;
        for (volatile __u64 pause = 0; pause < 100; pause++)
            ;
        *(volatile __u64 *)&pair->taken = taken + 1;
        """;

    /// <summary>Time passes between reading the next number and writing the one after it.</summary>
    internal static readonly SourceEdit SlowNumber = new(
        "number->psntp = state->next_psntp++;",
        """
        number->psntp = state->next_psntp;
        for (volatile __u64 pause = 0; pause < 100; pause++)
            ;
        state->next_psntp = number->psntp + 1;
        """);
}
