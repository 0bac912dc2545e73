using System.Text.Json;
using Pdm6.Capture.Analysis;
using Pdm6.Measurement;
using Pdm6.Wire;

namespace Pdm6.Capture.Reports;

/// <summary>The members that flows, samples and totals have in JSON.</summary>
internal static class FlowJson
{
    public static void WriteFlowKey(Utf8JsonWriter json, in FlowKey flow)
    {
        (ushort? source, ushort? destination) = ProtocolText.PortsOf(flow);
        json.WriteString("source", flow.Source.ToString());
        json.WriteString("destination", flow.Destination.ToString());
        json.WriteNumber("protocol", flow.Protocol);
        WriteNumber(json, "sourcePort", source);
        WriteNumber(json, "destinationPort", destination);
        if (flow.Protocol != NextHeader.Icmpv6)
            return;
        json.WriteNumber("icmpType", flow.IcmpType);
        json.WriteNumber("icmpCode", (byte)flow.SourcePort);
        if (flow.IsEcho)
            json.WriteNumber("identifier", flow.DestinationPort);
    }

    public static void WriteFlow(Utf8JsonWriter json, FlowReport flow)
    {
        json.WriteStartObject();
        WriteFlowKey(json, flow.Flow);
        WriteCounts(json, flow.Tally, flow.Counts);
        WriteNumber(json, "hops", flow.Hops);
        WriteDistribution(json, "roundTripNs", flow.RoundTrip);
        WriteDistribution(json, "serverDelayNs", flow.ServerDelay);
        WriteDistribution(json, "variationNs", flow.Variation);
        json.WriteEndObject();
    }

    public static void WriteTotals(Utf8JsonWriter json, AnalysisReport report)
    {
        FlowTotals totals = report.Totals;
        json.WriteStartObject();
        json.WriteNumber("flows", report.Flows.Count);
        json.WriteNumber("frames", totals.Frames);
        json.WriteNumber("ipv6Packets", totals.Ipv6Packets);
        json.WriteNumber("unreadable", totals.Unreadable);
        json.WriteNumber("fragments", totals.Fragments);
        json.WriteNumber("leftOut", totals.LeftOut);
        WriteCounts(json, totals.Tally, totals.Counts);
        WriteDistribution(json, "roundTripNs", totals.RoundTrip);
        WriteDistribution(json, "serverDelayNs", totals.ServerDelay);
        WriteDistribution(json, "variationNs", totals.Variation);
        json.WriteNumber("relativeError", LatencyHistogram.RelativeError);
        json.WriteString("problem", report.Problem);
        json.WriteEndObject();
    }

    public static void WriteSample(Utf8JsonWriter json, in FlowSample sample)
    {
        json.WriteStartObject();
        json.WriteString("kind", NameOf(sample.Kind));
        WriteFlowKey(json, sample.Flow);
        json.WriteNumber("psntp", sample.Psntp);
        json.WriteNumber("atUnixNs", sample.AtUnixNs);
        json.WriteNumber("valueNs", sample.ValueNs);
        json.WriteNumber("errorBoundNs", sample.ErrorBoundNs);
        json.WriteBoolean("authentic", sample.IsAuthentic);
        json.WriteEndObject();
    }

    public static string NameOf(SampleKind kind) => kind switch
    {
        SampleKind.RoundTrip => "roundTrip",
        SampleKind.ServerDelay => "serverDelay",
        _ => "variation",
    };

    private static void WriteCounts(Utf8JsonWriter json, in PacketTally tally, in DirectionCounts counts)
    {
        json.WriteNumber("packets", tally.Packets);
        json.WriteNumber("clear", tally.Clear);
        json.WriteNumber("opened", tally.Opened);
        json.WriteNumber("authenticationFailed", tally.AuthenticationFailed);
        json.WriteNumber("noKey", tally.NoKey);
        json.WriteNumber("malformed", tally.Malformed);
        json.WriteNumber("lost", counts.LostWithinSeries);
        json.WriteNumber("duplicated", counts.Duplicated);
        json.WriteNumber("reordered", counts.Reordered);
        json.WriteNumber("ambiguous", counts.Ambiguous);
    }

    private static void WriteDistribution(Utf8JsonWriter json, string name, LatencyHistogram histogram)
    {
        Distribution distribution = Distribution.Of(histogram);
        json.WriteStartObject(name);
        json.WriteNumber("samples", distribution.Samples);
        WriteNumber(json, "min", distribution.Min);
        WriteNumber(json, "p50", distribution.P50);
        WriteNumber(json, "p90", distribution.P90);
        WriteNumber(json, "p99", distribution.P99);
        WriteNumber(json, "max", distribution.Max);
        json.WriteEndObject();
    }

    private static void WriteNumber(Utf8JsonWriter json, string name, long? value)
    {
        if (value is { } number)
            json.WriteNumber(name, number);
        else
            json.WriteNull(name);
    }
}
