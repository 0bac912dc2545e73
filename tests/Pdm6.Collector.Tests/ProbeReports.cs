using Pdm6.Export;
using Pdm6.Measurement;
using Pdm6.Wire;

namespace Pdm6.Collector.Tests;

/// <summary>Reports as probers send them.</summary>
internal static class ProbeReports
{
    public static ProbeRound Of(string prober, string target, ulong to, long sent, long received, long? lost, params long[] roundTrips)
    {
        LatencyHistogram histogram = new();
        foreach (long roundTrip in roundTrips)
            histogram.Add(roundTrip);
        return new ProbeRound(
            prober, target, Ipv6Address.Parse("2001:db8::1"), 5, to, sent, received, new ProbeDirection(sent, lost, 0, 0),
            new ProbeDirection(null, null, 0, 0), LatencyHistogramRecord.Write(histogram));
    }
}
