using Pdm6.Collector.Probes;
using Pdm6.Export;

namespace Pdm6.Collector.Metrics;

/// <summary>
/// What probers reported, for <c>/metrics</c>. Labels are the names that probers gave; several addresses of one name are
/// added up. Every pair is some forty series, so only the longest known ones are here; how many are not is said.
/// </summary>
internal static class ProbeMetrics
{
    private const int MostPairs = 100;

    public static void Write(MetricText text, IReadOnlyList<StoredPair> stored)
    {
        Named[] all = [.. stored.GroupBy(pair => (pair.Pair.Prober, pair.Pair.Target)).Select(group => new Named(group.Key, [.. group]))];
        text.Family("pdm6_probed_pairs", "gauge", "Pairs of prober and target that probers reported of.");
        text.Sample("pdm6_probed_pairs", all.Length);
        text.Family("pdm6_probed_pairs_left_out", "gauge", "Of these, pairs that are not on this page: it shows the 100 longest known.");
        text.Sample("pdm6_probed_pairs_left_out", Math.Max(0, all.Length - MostPairs));
        Named[] shown = all[..Math.Min(all.Length, MostPairs)];
        Counter("pdm6_probed_rounds_total", "Rounds of probing reported.", pair => pair.Rounds);
        Counter("pdm6_probed_requests_total", "Requests that probers sent.", pair => pair.Numbers.Sent);
        Counter("pdm6_probed_answered_total", "Requests that were answered in time.", pair => pair.Numbers.Received);
        Directions("pdm6_probed_lost_total", "Packets lost, in rounds that know the direction.", counts => counts.Lost);
        Directions("pdm6_probed_duplicated_total", "Further copies that arrived.", counts => counts.Duplicated);
        Directions("pdm6_probed_reordered_total", "Packets that arrived after a later one.", counts => counts.Reordered);
        text.Family("pdm6_probed_round_trip_seconds", "histogram", "Round trip of probes on the network, the reflector's own time taken out.");
        foreach (Named pair in shown)
            text.Histogram("pdm6_probed_round_trip_seconds", TimeBuckets.Of(pair.Numbers.RoundTrip), pair.Labels);
        text.Family("pdm6_probed_latest_round_timestamp_seconds", "gauge", "When the report of the latest round came, Unix time.");
        foreach (Named pair in shown)
            text.Sample("pdm6_probed_latest_round_timestamp_seconds", pair.ReceivedAtUnixNs / 1e9, pair.Labels);

        void Counter(string name, string help, Func<Named, long> value)
        {
            text.Family(name, "counter", help);
            foreach (Named pair in shown)
                text.Sample(name, value(pair), pair.Labels);
        }

        void Directions(string name, string help, Func<ProbeDirection, long?> value)
        {
            text.Family(name, "counter", help);
            foreach (Named pair in shown)
                foreach ((string direction, ProbeDirection counts) in new[] { ("there", pair.Numbers.There), ("back", pair.Numbers.Back) })
                    if (value(counts) is { } known)
                        text.Sample(name, known, [.. pair.Labels, ("direction", direction)]);
        }
    }

    private sealed class Named
    {
        public Named((string Prober, string Target) names, StoredPair[] addresses)
        {
            Labels = [("prober", names.Prober), ("target", names.Target)];
            Rounds = addresses.Sum(address => address.Rounds);
            ReceivedAtUnixNs = addresses.Max(address => address.ReceivedAtUnixNs);
            foreach (StoredPair address in addresses)
                Numbers.Add(address.All);
        }

        public (string Name, string Value)[] Labels { get; }

        public long Rounds { get; }

        public ulong ReceivedAtUnixNs { get; }

        public ProbeNumbers Numbers { get; } = new();
    }
}
