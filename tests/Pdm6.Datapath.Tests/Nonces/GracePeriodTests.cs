using Pdm6.Datapath.Native;

namespace Pdm6.Datapath.Tests.Nonces;

/// <summary>A slot is handed on behind a grace period: that must be one.</summary>
[Collection(nameof(NonceAttacksCollection))]
public class GracePeriodTests
{
    private const uint Began = 0, Ending = 1;

    [KernelFact]
    public void Wait_WhileAProgramRuns_ReturnsAfterItsEnd()
    {
        using BpfObject slow = TestObjects.Open("slow_run.bpf.o");
        slow.Load();
        using KernelDatapath datapath = TestDatapath.Load();
        using GracePeriod grace = new(datapath.Map("grace"));
        BpfMap marks = slow.Map("marks");
        bool endedBefore = true, endedAfter = false;

        Processors.RunAtOnce(
            () => slow.Program("slow_run").TestRun(TestPackets.Udp(TestDatapath.Pair, 1, 2, 0)),
            () =>
            {
                Poll.Until(() => Is(Began), "the program did not begin");
                endedBefore = Is(Ending);
                grace.Wait();
                endedAfter = Is(Ending);
            });

        Assert.False(endedBefore, "the program was over before the wait began: the test saw nothing");
        Assert.True(endedAfter);

        bool Is(uint mark) => marks.TryGet(mark, out ulong value) && value == 1;
    }
}
