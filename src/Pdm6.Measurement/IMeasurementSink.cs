namespace Pdm6.Measurement;

/// <summary>
/// Takes what a <see cref="FlowMeter"/> finds, during the meter's call, on its thread. The values hold everything they
/// say; nothing needs to be asked back. An implementation must not call the meter.
/// </summary>
public interface IMeasurementSink
{
    /// <summary>Every packet given to the meter, once, copies included.</summary>
    void OnPacket(in CountedPacket packet);

    /// <summary>A round trip.</summary>
    void OnRoundTrip(in RoundTripSample sample);

    /// <summary>A server's delay, a client's, or another turnaround.</summary>
    void OnTurnaround(in TurnaroundSample sample);

    /// <summary>The difference between two round trips of one flow.</summary>
    void OnVariation(in VariationSample sample);
}
