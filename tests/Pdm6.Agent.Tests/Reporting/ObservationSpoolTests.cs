using Pdm6.Agent.Reporting;

namespace Pdm6.Agent.Tests.Reporting;

public class ObservationSpoolTests
{
    [Fact]
    public async Task Peek_SeveralBatches_AreInOrderAndStayUntilRemoved()
    {
        ObservationSpool spool = new(100);
        Batch first = new(default, [], 1), second = new(default, [], 2);
        spool.Add(first);
        spool.Add(second);

        Assert.Same(first, await spool.PeekAsync(default));
        Assert.Same(first, await spool.PeekAsync(default));
        spool.Remove(first);
        Assert.Same(second, await spool.PeekAsync(default));
        Assert.Equal((2, 0), (spool.Waiting, spool.Lost));
    }

    [Fact]
    public async Task Add_FullSpool_DropsTheOldestAndCounts()
    {
        ObservationSpool spool = new(10);
        Batch first = new(default, [], 4), second = new(default, [], 4), third = new(default, [], 4);
        spool.Add(first);
        spool.Add(second);
        spool.Add(third);

        Assert.Same(second, await spool.PeekAsync(default));
        Assert.Equal((8, 4), (spool.Waiting, spool.Lost));
        spool.Remove(first); // was under way while it was dropped
        Assert.Equal((8, 4), (spool.Waiting, spool.Lost));
    }

    [Fact]
    public async Task Discard_Batch_CountsItAsLost()
    {
        ObservationSpool spool = new(10);
        Batch batch = new(default, [], 4);
        spool.Add(batch);
        spool.Discard(batch);
        spool.Complete();

        Assert.Null(await spool.PeekAsync(default));
        Assert.Equal((0, 4), (spool.Waiting, spool.Lost));
    }

    [Fact]
    public async Task Complete_SpoolWithBatches_EndsAfterTheLast()
    {
        ObservationSpool spool = new(10);
        Task<Batch?> waiting = spool.PeekAsync(default);
        Batch batch = new(default, [], 1);
        spool.Add(batch);
        spool.Complete();

        Assert.Same(batch, await waiting);
        spool.Remove(batch);
        Assert.Null(await spool.PeekAsync(default));
    }
}
