using System.Text.Json;

namespace Pdm6.Probe.Reports;

/// <summary>A <see cref="ProbeSummary"/> as JSON, in this project's own names.</summary>
internal static class SummaryJson
{
    internal static void Write(Utf8JsonWriter json, ProbeSummary summary)
    {
        json.WriteString("target", summary.Target.Name);
        json.WriteString("address", summary.Target.Address.ToString());
        json.WriteNumber("port", summary.Target.Port);
        json.WriteString("source", summary.Source?.ToString());
        json.WriteNumber("startedAtUnixNs", summary.StartedAtUnixNs);
        json.WriteNumber("durationNs", summary.DurationNs);
        json.WriteNumber("octets", summary.Octets);
        json.WriteNumber("sent", summary.Sent);
        json.WriteNumber("sendFailed", summary.SendFailed);
        json.WriteNumber("received", summary.Received);
        json.WriteNumber("lost", summary.Lost);
        json.WriteNumber("late", summary.Late);
        json.WriteNumber("waiting", summary.Waiting);
        json.WriteNumber("duplicated", summary.Duplicates);
        json.WriteNumber("reordered", summary.Reordered);
        json.WriteNumber("refused", summary.Refused);
        json.WriteNumber("icmpErrors", summary.IcmpErrors);
        json.WriteKnown("limited", summary.Limited);
        json.WriteNumber("withoutSample", summary.WithoutSample);
        json.WriteNumber("withoutKernelStamp", summary.WithoutKernelStamp);
        Write(json, "roundTripNs", summary.RoundTrip);
        Write(json, "reflectorNs", summary.Reflector);
        Write(json, "variationNs", summary.Variation);
        json.WriteNumber("jitterNs", Math.Round(summary.JitterNs));
        json.WriteKnown("clockErrorNs", summary.ClockErrorNs);
        Write(json, "there", summary.There, summary.HopsThere, summary.DelayThere, summary.VariationThere);
        Write(json, "back", summary.Back, summary.HopsBack, summary.DelayBack, summary.VariationBack);
    }

    private static void Write(
        Utf8JsonWriter json, string name, DirectionSummary counts, int? hops, DelayDistribution delays, DelayDistribution variation)
    {
        json.WriteStartObject(name);
        json.WriteKnown("sent", counts.Sent);
        json.WriteKnown("arrived", counts.Arrived);
        json.WriteKnown("lost", counts.Lost);
        json.WriteKnown("duplicated", counts.Duplicated);
        json.WriteKnown("reordered", counts.Reordered);
        json.WriteKnown("hops", hops);
        Write(json, "delayNs", delays);
        Write(json, "variationNs", variation);
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, string name, DelayDistribution delays)
    {
        json.WriteStartObject(name);
        json.WriteNumber("samples", delays.Count);
        if (delays.Count > 0)
        {
            json.WriteNumber("min", delays.Histogram.LeastNs);
            json.WriteNumber("mean", Math.Round(delays.MeanNs));
            json.WriteNumber("p50", delays.Histogram.Quantile(0.5));
            json.WriteNumber("p90", delays.Histogram.Quantile(0.9));
            json.WriteNumber("p99", delays.Histogram.Quantile(0.99));
            json.WriteNumber("max", delays.Histogram.GreatestNs);
            json.WriteNumber("deviation", Math.Round(delays.DeviationNs));
        }
        json.WriteEndObject();
    }
}
