using Pdm6.Wire;

namespace Pdm6.Datapath.Tests.Nonces;

/// <summary>Takes reports of busy flows, and expects nothing else.</summary>
internal sealed class BusyFlowSink : IRecordSink
{
    internal List<BusyFlow> Flows { get; } = [];

    public void Busy(in BusyFlow flow) => Flows.Add(flow);

    public void Observed(in Observation observation) => Assert.Fail("an observation");

    public void UnknownPair(in AddressPair pair) => Assert.Fail("a pair without a key");
}
