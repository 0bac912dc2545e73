using Pdm6.Wire;

namespace Pdm6.Security.Opening;

/// <summary>The destination options among observations.</summary>
internal readonly ref struct ObservedOptions(ReadOnlySpan<Observation> observations) : IDestinationOptions
{
    private readonly ReadOnlySpan<Observation> _observations = observations;

    public int Count => _observations.Length;

    public bool IsOption(int index) => !_observations[index].IsUdpOption && !_observations[index].IsUdpFrame;

    public ref readonly FlowKey FlowOf(int index) => ref _observations[index].FlowInPlace;

    public ReadOnlySpan<byte> OctetsOf(int index) => _observations[index].OptionOctets;

    public ulong ObservedAtNsOf(int index) => _observations[index].ObservedAtNs;
}
