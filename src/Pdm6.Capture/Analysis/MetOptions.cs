using Pdm6.Security;
using Pdm6.Wire;

namespace Pdm6.Capture.Analysis;

/// <summary>The sealed options of packets whose flows were met, where they wait.</summary>
internal readonly struct MetOptions(MetFlows met) : IDestinationOptions
{
    public int Count => met.Count;

    public bool IsOption(int index) => met[index] is not null && met.PacketAt(index).Carrier == Carrier.SealedOption;

    /// <summary>Of the flow, not of the packet: what was just put together is slower to read.</summary>
    public ref readonly FlowKey FlowOf(int index) => ref met[index]!.Flow;

    public ReadOnlySpan<byte> OctetsOf(int index) => met.PacketAt(index).Option;

    public ulong ObservedAtNsOf(int index) => met.PacketAt(index).AtUnixNs;
}
