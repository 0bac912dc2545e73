namespace Pdm6.Probe.Sessions;

/// <summary>The distributions of one session.</summary>
internal sealed class SessionDelays
{
    private readonly DelayVariation _roundTrip = new();
    private readonly DelayVariation _there = new();
    private readonly DelayVariation _back = new();

    internal DelayDistribution RoundTrip { get; } = new();
    internal DelayDistribution Reflector { get; } = new();
    internal DelayDistribution There { get; } = new();
    internal DelayDistribution Back { get; } = new();
    internal DelayDistribution Variation => _roundTrip.Differences;
    internal DelayDistribution VariationThere => _there.Differences;
    internal DelayDistribution VariationBack => _back.Differences;
    internal double JitterNs => _roundTrip.JitterNs;
    /// <summary>The two clocks' errors added, the worst so far; null as long as one was never known.</summary>
    internal long? ClockErrorNs { get; private set; }

    /// <summary>Adds a sample as it comes; returns the one-way delays if the clocks' error is known.</summary>
    internal (long? There, long? Back) Add(in RoundTripSample sample, long? clockErrorNs)
    {
        if (sample.RoundTripNs is not { } roundTrip)
            return (null, null);
        RoundTrip.Add(roundTrip);
        if (sample is not { ThereNs: { } there, BackNs: { } back })
            return (null, null);
        Reflector.Add(sample.ReflectorNs);
        if (clockErrorNs is not { } error)
            return (null, null);
        // The truth is within the error of the difference, and above 0: a difference below 0 says that it is small.
        (there, back) = (Math.Max(0, there), Math.Max(0, back));
        There.Add(there);
        Back.Add(back);
        ClockErrorNs = Math.Max(ClockErrorNs ?? 0, error);
        return (there, back);
    }

    /// <summary>Adds a request to the variations: to be called in the order of sending.</summary>
    internal void AddInOrder(in Outstanding request)
    {
        if (request.RoundTripNs is { } roundTrip)
            _roundTrip.Add(roundTrip);
        if (request.ThereNs is { } there)
            _there.Add(there);
        if (request.BackNs is { } back)
            _back.Add(back);
    }
}
