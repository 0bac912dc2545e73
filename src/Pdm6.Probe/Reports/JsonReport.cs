using System.Text.Json;

namespace Pdm6.Probe.Reports;

/// <summary>As <c>irtt client -o</c> writes: nanoseconds everywhere; its json_format 1, as far as its fields have a
/// meaning here, and the two directions besides.</summary>
internal sealed class JsonReport(TextWriter output) : RecordingReport
{
    public override void Finish(IReadOnlyList<ProbeSummary> summaries, long socketDrops) =>
        JsonText.WriteOneOrMany(output, summaries, Write);

    private void Write(Utf8JsonWriter json, ProbeSummary summary)
    {
        json.WriteStartObject();
        json.WriteStartObject("version");
        json.WriteString("pdm6", typeof(JsonReport).Assembly.GetName().Version?.ToString(3));
        json.WriteNumber("json_format", 1);
        json.WriteEndObject();
        WriteConfig(json, summary);
        WriteStats(json, summary);
        json.WriteStartArray("round_trips");
        long? last = null;
        foreach (RecordedRequest request in RequestsTo(summary.Target))
            WriteRoundTrip(json, request, ref last);
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private void WriteConfig(Utf8JsonWriter json, ProbeSummary summary)
    {
        json.WriteStartObject("config");
        json.WriteString("local_address", summary.Source?.ToString());
        json.WriteString("remote_address", $"[{summary.Target.Address}]:{summary.Target.Port}");
        json.WriteStartObject("params");
        json.WriteString("protocol", Options.Protocol == ProbeProtocol.Stamp ? "stamp" : "udp-frame");
        json.WriteKnown("duration", (long?)(Options.Duration ?? Options.Deadline)?.TotalNanoseconds);
        json.WriteNumber("interval", Options.Pace.DueNs(1));
        json.WriteNumber("length", summary.Octets);
        json.WriteNumber("dscp", Options.Dscp);
        json.WriteEndObject();
        json.WriteString("ip_version", "IPv6");
        json.WriteNumber("ttl", Options.HopLimit ?? 0);
        json.WriteNumber("timeout", (long)Options.Timeout.TotalNanoseconds);
        json.WriteEndObject();
    }

    private static void WriteStats(Utf8JsonWriter json, ProbeSummary summary)
    {
        json.WriteStartObject("stats");
        json.WriteString("start_time", DateTime.UnixEpoch.AddTicks((long)(summary.StartedAtUnixNs / 100)));
        WriteDelays(json, "rtt", summary.RoundTrip);
        WriteDelays(json, "send_delay", summary.DelayThere);
        WriteDelays(json, "receive_delay", summary.DelayBack);
        json.WriteKnown("one_way_delay_error", summary.ClockErrorNs);
        json.WriteKnown("server_packets_received", summary.There.Arrived + summary.There.Duplicated);
        json.WriteNumber("bytes_sent", summary.Sent * summary.Octets);
        json.WriteNumber("bytes_received", (summary.Received + summary.Late + summary.Duplicates) * summary.Octets);
        json.WriteNumber("duplicates", summary.Duplicates);
        json.WriteNumber("late_packets", summary.Reordered);
        json.WriteNumber("duration", summary.DurationNs);
        json.WriteNumber("packets_sent", summary.Sent);
        json.WriteNumber("packets_received", summary.Received);
        json.WriteNumber("packet_loss_percent", 100 * summary.LossShare);
        WritePercent(json, "upstream_loss_percent", summary.There);
        WritePercent(json, "downstream_loss_percent", summary.Back);
        WriteDelays(json, "ipdv_send", summary.VariationThere);
        WriteDelays(json, "ipdv_receive", summary.VariationBack);
        WriteDelays(json, "ipdv_round_trip", summary.Variation);
        json.WriteNumber("jitter", Math.Round(summary.JitterNs));
        WriteDelays(json, "server_processing_time", summary.Reflector);
        WriteDirection(json, "there", summary.There, summary.HopsThere);
        WriteDirection(json, "back", summary.Back, summary.HopsBack);
        json.WriteEndObject();
    }

    private static void WriteDelays(Utf8JsonWriter json, string name, DelayDistribution delays)
    {
        if (delays.Count == 0)
            return;
        json.WriteStartObject(name);
        json.WriteNumber("total", (decimal)delays.Histogram.SumNs);
        json.WriteNumber("n", delays.Count);
        json.WriteNumber("min", delays.Histogram.LeastNs);
        json.WriteNumber("max", delays.Histogram.GreatestNs);
        json.WriteNumber("mean", Math.Round(delays.MeanNs));
        json.WriteNumber("median", delays.Histogram.Quantile(0.5));
        json.WriteNumber("p90", delays.Histogram.Quantile(0.9));
        json.WriteNumber("p99", delays.Histogram.Quantile(0.99));
        json.WriteNumber("stddev", Math.Round(delays.DeviationNs));
        json.WriteNumber("variance", Math.Round(delays.DeviationNs * delays.DeviationNs));
        json.WriteEndObject();
    }

    private static void WriteDirection(Utf8JsonWriter json, string name, DirectionSummary counts, int? hops)
    {
        json.WriteStartObject(name);
        json.WriteKnown("sent", counts.Sent);
        json.WriteKnown("lost", counts.Lost);
        json.WriteKnown("duplicated", counts.Duplicated);
        json.WriteKnown("reordered", counts.Reordered);
        json.WriteKnown("hops", hops);
        json.WriteEndObject();
    }

    private static void WritePercent(Utf8JsonWriter json, string name, DirectionSummary counts)
    {
        if (counts is { Lost: { } lost, Sent: > 0 and var sent })
            json.WriteNumber(name, 100.0 * lost / sent);
    }

    private static void WriteRoundTrip(Utf8JsonWriter json, RecordedRequest request, ref long? last)
    {
        json.WriteStartObject();
        json.WriteNumber("seqno", request.Index);
        json.WriteString("lost", request.Reply is null ? "true" : "false");
        json.WriteStartObject("timestamps");
        json.WriteStartObject("client");
        WriteWall(json, "send", request.SentAtUnixNs);
        if (request.Reply is { } answered)
            WriteWall(json, "receive", answered.ReceivedAtUnixNs);
        json.WriteEndObject();
        json.WriteEndObject();
        json.WriteStartObject("delay");
        if (request.Reply is { } reply)
        {
            json.WriteKnown("rtt", reply.RoundTripNs);
            if (reply is { DelayThereNs: { } there, DelayBackNs: { } back })
            {
                json.WriteNumber("send", there);
                json.WriteNumber("receive", back);
            }
        }
        json.WriteEndObject();
        json.WriteStartObject("ipdv");
        if (request.Reply?.RoundTripNs is { } roundTrip)
        {
            if (last is { } before)
                json.WriteNumber("rtt", roundTrip - before);
            last = roundTrip;
        }
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void WriteWall(Utf8JsonWriter json, string name, ulong unixNs)
    {
        json.WriteStartObject(name);
        json.WriteNumber("wall", unixNs);
        json.WriteEndObject();
    }
}
