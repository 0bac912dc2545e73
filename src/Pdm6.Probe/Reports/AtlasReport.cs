using System.Text.Json;

namespace Pdm6.Probe.Reports;

/// <summary>The array of a RIPE Atlas ping measurement: one object for each target, times in milliseconds.</summary>
internal sealed class AtlasReport(TextWriter output) : RecordingReport
{
    private const double NsPerMillisecond = 1e6;

    public override void Finish(IReadOnlyList<ProbeSummary> summaries, long socketDrops) => JsonText.WriteIndented(output, json =>
    {
        json.WriteStartArray();
        foreach (ProbeSummary summary in summaries)
            Write(json, summary);
        json.WriteEndArray();
    });

    private void Write(Utf8JsonWriter json, ProbeSummary summary)
    {
        IList<RecordedRequest> requests = RequestsTo(summary.Target);
        json.WriteStartObject();
        json.WriteNumber("fw", 0); // no Atlas firmware
        json.WriteString("mver", typeof(AtlasReport).Assembly.GetName().Version?.ToString(3));
        json.WriteNumber("lts", -1);
        json.WriteString("dst_name", summary.Target.Name);
        json.WriteNumber("af", 6);
        json.WriteString("dst_addr", summary.Target.Address.ToString());
        json.WriteString("src_addr", summary.Source?.ToString() ?? "");
        json.WriteString("from", summary.Source?.ToString() ?? "");
        json.WriteString("proto", "UDP");
        json.WriteNumber("ttl", requests.FirstOrDefault(request => request.Reply is not null)?.Reply?.HopLimit ?? 0);
        json.WriteNumber("size", summary.Octets);
        json.WriteStartArray("result");
        foreach (RecordedRequest request in requests)
            Write(json, request);
        json.WriteEndArray();
        json.WriteNumber("dup", summary.Duplicates);
        json.WriteNumber("rcvd", summary.Received);
        json.WriteNumber("sent", summary.Sent);
        bool any = summary.RoundTrip.Count > 0;
        json.WriteNumber("min", any ? summary.RoundTrip.Histogram.LeastNs / NsPerMillisecond : -1);
        json.WriteNumber("max", any ? summary.RoundTrip.Histogram.GreatestNs / NsPerMillisecond : -1);
        json.WriteNumber("avg", any ? summary.RoundTrip.MeanNs / NsPerMillisecond : -1);
        json.WriteNumber("msm_id", 0);
        json.WriteNumber("prb_id", 0);
        json.WriteNumber("timestamp", summary.StartedAtUnixNs / 1_000_000_000);
        json.WriteString("msm_name", "Ping");
        json.WriteString("type", "ping");
        json.WriteNull("step");
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, RecordedRequest request)
    {
        json.WriteStartObject();
        if (request.Reply?.RoundTripNs is { } roundTrip)
            json.WriteNumber("rtt", roundTrip / NsPerMillisecond);
        else
            json.WriteString("x", "*");
        json.WriteEndObject();
        for (int copy = 0; copy < request.Copies; copy++)
        {
            json.WriteStartObject();
            json.WriteNumber("dup", 1);
            json.WriteEndObject();
        }
    }
}
