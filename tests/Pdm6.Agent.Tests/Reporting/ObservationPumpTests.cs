using Pdm6.Agent.Reporting;
using Pdm6.Datapath;
using Pdm6.Datapath.Tests;
using Pdm6.Security;

namespace Pdm6.Agent.Tests.Reporting;

public class ObservationPumpTests
{
    [KernelFact]
    public async Task Run_RingThatFails_EndsWithTheFailureAndCompletesTheSpool()
    {
        KernelDatapath datapath = KernelDatapath.Load(new DatapathOptions { FlowTableSize = 16, RingSize = 1 << 16, PairsPerEpoch = 8 });
        ObservationSpool spool = new(10);
        Batch before = new(default, [], 1);
        spool.Add(before);
        ObservationPump pump = new(datapath, spool, IncarnationId.NewRandom(), _ => { }, _ => { });
        datapath.Dispose();

        pump.Start();

        await Assert.ThrowsAsync<ObjectDisposedException>(() => pump.Ended.WaitAsync(TimeSpan.FromSeconds(10)));
        Assert.Same(before, await spool.PeekAsync(default));
        spool.Remove(before);
        Assert.Null(await spool.PeekAsync(default).WaitAsync(TimeSpan.FromSeconds(10)));
    }
}
