using Pdm6.Wire;

namespace Pdm6.Datapath.Tests.UdpOptions;

/// <summary>Takes observations, and expects nothing else.</summary>
internal sealed class ObservationSink : IRecordSink
{
    private List<Observation> _observations = [];

    public void Observed(in Observation observation) => _observations.Add(observation);

    public void UnknownPair(in AddressPair pair) => Assert.Fail("a pair without a key");

    public void Busy(in BusyFlow flow) => Assert.Fail("a busy flow");

    /// <summary>What the kernel has seen since the last time.</summary>
    internal List<Observation> Take(KernelDatapath kernel)
    {
        kernel.DrainRecords(this, 0);
        (List<Observation> taken, _observations) = (_observations, []);
        return taken;
    }
}
