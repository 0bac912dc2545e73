using System.Diagnostics;
using System.Runtime.InteropServices;
using Pdm6.Datapath.Native;

namespace Pdm6.Datapath.Tests;

public class RingBufferTests
{
    private static readonly byte[] s_packet = new byte[64];

    [KernelFact]
    public void Drain_SeveralLapsWithDiscards_HandsOverEveryRecordInOrder()
    {
        using BpfObject programs = LoadRingTest();
        using RingBuffer ring = new(programs.Map("ring"));
        List<ulong> seen = [];
        List<ulong> expected = [];

        ulong next = 0;
        for (int lap = 0; lap < 50; lap++)
        {
            programs.Program("ring_put").TestRun(s_packet, repeat: 300);
            programs.Program("ring_discard").TestRun(s_packet, repeat: 7);
            programs.Program("ring_put").TestRun(s_packet, repeat: 100);
            expected.AddRange(Numbers(next, 300).Concat(Numbers(next + 307, 100)));
            next += 407;
            int drained = ring.Drain(record => seen.Add(MemoryMarshal.Read<ulong>(record)));
            Assert.Equal(400, drained);
        }

        Assert.Equal(expected, seen);
        Assert.Equal(0, ring.AvailableBytes);
    }

    [KernelFact]
    public void Drain_WithLimit_LeavesTheRest()
    {
        using BpfObject programs = LoadRingTest();
        using RingBuffer ring = new(programs.Map("ring"));
        programs.Program("ring_put").TestRun(s_packet, repeat: 10);

        Assert.Equal(4, ring.Drain(_ => { }, maxRecords: 4));
        Assert.Equal(6, ring.Drain(_ => { }));
    }

    [KernelFact]
    public void Drain_FullRing_MakesRoomAgain()
    {
        using BpfObject programs = LoadRingTest();
        using RingBuffer ring = new(programs.Map("ring"));
        programs.Program("ring_put").TestRun(s_packet, repeat: 10_000);
        programs.Map("counters").TryGet(1u, out ulong lost);

        int kept = ring.Drain(_ => { });

        Assert.True(lost > 0, "the ring was never full");
        Assert.Equal(10_000 - (int)lost, kept);
        programs.Program("ring_put").TestRun(s_packet, repeat: 100);
        Assert.Equal(100, ring.Drain(_ => { }));
    }

    [KernelFact]
    public void Drain_HandlerThrows_DoesNotMeetTheRecordAgain()
    {
        using BpfObject programs = LoadRingTest();
        using RingBuffer ring = new(programs.Map("ring"));
        programs.Program("ring_put").TestRun(s_packet, repeat: 3);

        Assert.Throws<InvalidDataException>(() => ring.Drain(_ => throw new InvalidDataException()));

        Assert.Equal(2, ring.Drain(_ => { }));
    }

    [KernelFact]
    public void Wait_QuietRing_ReturnsAtTheTimeout_AndWakesEarlyOtherwise()
    {
        using BpfObject programs = LoadRingTest();
        using RingBuffer ring = new(programs.Map("ring"));

        long start = Stopwatch.GetTimestamp();
        ring.Wait(TimeSpan.FromMilliseconds(30));
        Assert.True(Stopwatch.GetElapsedTime(start) >= TimeSpan.FromMilliseconds(25));

        Thread waiter = new(() => ring.Wait(TimeSpan.FromSeconds(30)));
        start = Stopwatch.GetTimestamp();
        waiter.Start();
        programs.Program("ring_put_waking").TestRun(s_packet);
        Assert.True(waiter.Join(TimeSpan.FromSeconds(20)), "nobody woke the waiting thread");
    }

    [KernelFact]
    public void Drain_ProducerOnAnotherThread_LosesNothingUncounted()
    {
        const int records = 2_000_000;
        using BpfObject programs = LoadRingTest();
        using RingBuffer ring = new(programs.Map("ring"));
        BpfProgram put = programs.Program("ring_put");
        Thread producer = new(() => put.TestRun(s_packet, repeat: records));
        long received = 0;
        ulong last = 0;
        bool inOrder = true;

        producer.Start();
        while (producer.IsAlive || ring.AvailableBytes > 0)
        {
            ring.Wait(TimeSpan.FromMilliseconds(20));
            received += ring.Drain(record =>
            {
                ulong number = MemoryMarshal.Read<ulong>(record);
                inOrder &= number >= last;
                last = number;
            });
        }

        programs.Map("counters").TryGet(1u, out ulong lost);
        Assert.True(inOrder);
        Assert.Equal(records, received + (long)lost);
    }

    private static IEnumerable<ulong> Numbers(ulong first, int count) => Enumerable.Range(0, count).Select(i => first + (ulong)i);

    private static BpfObject LoadRingTest()
    {
        BpfObject programs = TestObjects.Open("ring_test.bpf.o");
        programs.Load();
        return programs;
    }
}
