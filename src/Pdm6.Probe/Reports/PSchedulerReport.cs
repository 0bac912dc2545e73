using System.Globalization;
using System.Text.Json;

namespace Pdm6.Probe.Reports;

/// <summary>
/// The result of a pScheduler latency task, which is about the way there: its counts, and its one-way delays in
/// milliseconds to the hundredth where both clocks' errors are known.
/// </summary>
internal sealed class PSchedulerReport(TextWriter output) : RecordingReport
{
    private const double NsPerBucket = 1e4, NsPerMillisecond = 1e6;

    public override void Finish(IReadOnlyList<ProbeSummary> summaries, long socketDrops) =>
        JsonText.WriteOneOrMany(output, summaries, Write);

    private void Write(Utf8JsonWriter json, ProbeSummary summary)
    {
        ProbeReply[] replies = [.. RequestsTo(summary.Target).Where(request => request.Reply is not null).Select(request => request.Reply!.Value)];
        json.WriteStartObject();
        json.WriteNumber("schema", 1);
        json.WriteBoolean("succeeded", summary.Received > 0);
        json.WriteNumber("packets-sent", summary.Sent);
        json.WriteKnown("packets-received", summary.There.Arrived);
        json.WriteKnown("packets-lost", summary.There.Lost);
        json.WriteKnown("packets-duplicated", summary.There.Duplicated);
        json.WriteKnown("packets-reordered", summary.There.Reordered);
        if (summary.ClockErrorNs is { } error)
            json.WriteNumber("max-clock-error", error / NsPerMillisecond);
        Write(json, "histogram-latency", replies.Where(reply => reply.DelayThereNs is not null)
            .Select(reply => Math.Round(reply.DelayThereNs!.Value / NsPerBucket) / 100));
        // The hop limit that a request arrived with, as the reflector's hop count says.
        Write(json, "histogram-ttl", replies.Where(reply => reply.HopsThere is not null)
            .Select(reply => (double)((Options.HopLimit ?? 64) - reply.HopsThere!.Value)));
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, string name, IEnumerable<double> values)
    {
        json.WriteStartObject(name);
        foreach (IGrouping<double, double> same in values.GroupBy(value => value).OrderBy(group => group.Key))
            json.WriteNumber(same.Key.ToString(CultureInfo.InvariantCulture), same.Count());
        json.WriteEndObject();
    }
}
