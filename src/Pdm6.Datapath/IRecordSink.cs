using Pdm6.Wire;

namespace Pdm6.Datapath;

/// <summary>Takes what the kernel programs report, one by one, on the thread that drains the ring.</summary>
public interface IRecordSink
{
    /// <summary>A packet with an option was seen on ingress.</summary>
    void Observed(in Observation observation);

    /// <summary>A rule selected a packet of this pair, and there is no key for it. Reported again and again, at a
    /// bounded rate, until there is one.</summary>
    void UnknownPair(in AddressPair pair);

    /// <summary>A flow has sealed another thousand options in place. Reported only where
    /// <see cref="DatapathOptions.ReportBusyFlows"/> is set.</summary>
    void Busy(in BusyFlow flow);
}
