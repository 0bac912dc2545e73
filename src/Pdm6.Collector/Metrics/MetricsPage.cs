using Pdm6.Collector.Api;
using Pdm6.Collector.Ingest;
using Pdm6.Collector.Probes;
using Pdm6.Collector.Windows;

namespace Pdm6.Collector.Metrics;

/// <summary>
/// The answer of <c>/metrics</c>. Base units, no addresses or ports as labels. Counters cover the whole run; the
/// histograms begin with the collector.
/// </summary>
internal sealed class MetricsPage
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, long> _mostLost = new(StringComparer.Ordinal);

    public string Write(RunSnapshot run, IngestCounters ingest, IReadOnlyList<StoredPair> probes, ulong nowUnixNs)
    {
        MetricText text = new();
        WriteTimes(text, run);
        WriteGroups(text, run);
        WriteRun(text, run, ingest);
        WriteAgents(text, run, nowUnixNs);
        ProbeMetrics.Write(text, probes);
        return text.ToString();
    }

    private static void WriteTimes(MetricText text, RunSnapshot run)
    {
        text.Family("pdm6_round_trip_seconds", "histogram", "Time on the network, there and back, since the collector started.");
        foreach ((string group, TimeBuckets buckets) in run.Buckets.RoundTrips)
            text.Histogram("pdm6_round_trip_seconds", buckets, ("group", group));
        text.Family("pdm6_server_delay_seconds", "histogram", "Time from a request's arrival at the server to its answer, since the collector started.");
        foreach ((string group, TimeBuckets buckets) in run.Buckets.ServerDelays)
            text.Histogram("pdm6_server_delay_seconds", buckets, ("group", group));
    }

    private void WriteGroups(MetricText text, RunSnapshot run)
    {
        ByGroup("pdm6_packets_total", "Distinct packets whose option was opened.", group => group.Packets);
        ByGroup("pdm6_opened_total", "Observations whose option was opened, copies included.", group => group.Opened);
        ByGroup("pdm6_authentication_failed_total", "Observations whose tag was wrong.", group => group.AuthenticationFailed);
        ByGroup("pdm6_lost_total", "Options that senders counted and nobody observed.", MostLost);
        ByGroup("pdm6_duplicated_total", "Further copies of one packet.", group => group.Duplicated);
        ByGroup("pdm6_reordered_total", "First copies that came after a higher number.", group => group.Reordered);
        ByGroup("pdm6_ambiguous_total", "Further segments of a super-packet.", group => group.Ambiguous);
        ByGroup("pdm6_packets_selected_total", "Packets that the agents' rules chose.", group => group.Selected);
        ByGroup("pdm6_options_sealed_total", "Packets that left with a sealed option or as a sealed frame.", group => group.Sealed);
        ByGroup("pdm6_options_sent_clear_total", "Packets that left with an option in clear.", group => group.SentClear);
        text.Family("pdm6_left_alone_total", "counter", "Packets that a rule chose and that left without an option.");
        foreach (GroupView group in run.Groups)
            foreach ((string reason, long packets) in group.LeftAlone)
                text.Sample("pdm6_left_alone_total", packets, ("group", group.Name), ("reason", reason));

        void ByGroup(string name, string help, Func<GroupView, long> value)
        {
            text.Family(name, "counter", help);
            foreach (GroupView group in run.Groups)
                text.Sample(name, value(group), ("group", group.Name));
        }
    }

    private static void WriteRun(MetricText text, RunSnapshot run, IngestCounters ingest)
    {
        text.Family("pdm6_observations_total", "counter", "Observations taken from agents.");
        text.Sample("pdm6_observations_total", run.Counters[RunCounter.Observations]);
        text.Family("pdm6_unopened_total", "counter", "Observations whose option was not opened.");
        foreach ((string reason, RunCounter counter) in new[]
        {
            ("authentication-failed", RunCounter.AuthenticationFailed), ("no-key", RunCounter.NoKey),
            ("wrong-epoch", RunCounter.WrongEpoch), ("malformed", RunCounter.Malformed),
            ("unknown-version", RunCounter.UnknownVersion), ("clear", RunCounter.Clear),
        })
            text.Sample("pdm6_unopened_total", run.Counters[counter], ("reason", reason));
        text.Family("pdm6_observations_lost_total", "counter", "Observations that agents lost, by where.");
        text.Sample("pdm6_observations_lost_total", run.Counters[RunCounter.RingLost], ("where", "ring"));
        text.Sample("pdm6_observations_lost_total", run.Counters[RunCounter.ExportLost], ("where", "export"));
        text.Family("pdm6_observations_waiting", "gauge", "Observations whose context is not known yet.");
        text.Sample("pdm6_observations_waiting", run.Waiting);
        text.Family("pdm6_path_changes_total", "counter", "Destinations whose path was found to lose a form of the option, and to carry it again.");
        text.Sample("pdm6_path_changes_total", run.Counters[RunCounter.PathFallbacks], ("to", "fallback"));
        text.Sample("pdm6_path_changes_total", run.Counters[RunCounter.PathReturns], ("to", "option"));
        text.Family("pdm6_repeated_batches_total", "counter", "Batches that came again and were not counted again.");
        text.Sample("pdm6_repeated_batches_total", run.Counters[RunCounter.RepeatedBatches]);
        text.Family("pdm6_unknown_agent_observations_total", "counter", "Observations dropped because their agent had been forgotten.");
        text.Sample("pdm6_unknown_agent_observations_total", run.Counters[RunCounter.UnknownAgentObservations]);
        text.Family("pdm6_loss_entries_refused_total", "counter", "Entries that found the loss ledger full; above 0, loss is a lower bound.");
        text.Sample("pdm6_loss_entries_refused_total", run.LossRefused);
        text.Family("pdm6_ingest_turned_away_total", "counter", "Requests of agents that were not taken, since the collector started.");
        text.Sample("pdm6_ingest_turned_away_total", ingest.Refused, ("reason", "malformed"));
        text.Sample("pdm6_ingest_turned_away_total", ingest.Busy, ("reason", "busy"));
        text.Sample("pdm6_ingest_turned_away_total", ingest.UnknownAgent, ("reason", "unknown-agent"));
    }

    private static void WriteAgents(MetricText text, RunSnapshot run, ulong nowUnixNs)
    {
        text.Family("pdm6_agents", "gauge", "Agents by state: live, quiet for 5 s, silent for 30 s.");
        List<AgentView> agents = [.. run.Agents.Select(agent => AgentView.Of(agent, nowUnixNs))];
        foreach (string state in new[] { "live", "quiet", "silent" })
            text.Sample("pdm6_agents", agents.Count(agent => agent.State == state), ("state", state));
    }

    // Loss falls a little when a late observation comes in. A counter that falls means a restart to Prometheus, which
    // would then count all of it anew.
    private long MostLost(GroupView group)
    {
        lock (_lock)
            return _mostLost[group.Name] = Math.Max(group.Lost, _mostLost.GetValueOrDefault(group.Name));
    }
}
