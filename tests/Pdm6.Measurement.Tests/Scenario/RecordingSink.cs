namespace Pdm6.Measurement.Tests.Scenario;

/// <summary>Keeps everything a meter tells.</summary>
internal sealed class RecordingSink : IMeasurementSink
{
    public List<CountedPacket> Packets { get; } = [];
    public List<RoundTripSample> RoundTrips { get; } = [];
    public List<TurnaroundSample> Turnarounds { get; } = [];
    public List<VariationSample> Variations { get; } = [];

    public void OnPacket(in CountedPacket packet) => Packets.Add(packet);
    public void OnRoundTrip(in RoundTripSample sample) => RoundTrips.Add(sample);
    public void OnTurnaround(in TurnaroundSample sample) => Turnarounds.Add(sample);
    public void OnVariation(in VariationSample sample) => Variations.Add(sample);

    public IEnumerable<TurnaroundSample> Of(TurnaroundKind kind) => Turnarounds.Where(t => t.Kind == kind);

    public DirectionCounts CountsOf(Wire.FlowKey flow)
    {
        DirectionCounts counts = default;
        foreach (CountedPacket packet in Packets.Where(p => p.Flow == flow))
            counts.Add(packet);
        return counts;
    }

    /// <summary>All samples in one order, to compare two runs.</summary>
    public List<object> SortedSamples() =>
    [
        .. RoundTrips.OrderBy(s => (s.Psntp, s.ObservedAtNs)),
        .. Turnarounds.OrderBy(s => (s.Psntp, s.ObservedAtNs)),
        .. Variations.OrderBy(s => (s.Psntp, s.ObservedAtNs)),
    ];
}
