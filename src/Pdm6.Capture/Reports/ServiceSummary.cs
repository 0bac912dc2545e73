using System.Globalization;
using Pdm6.Capture.Analysis;
using Pdm6.Measurement;
using Pdm6.Wire;

namespace Pdm6.Capture.Reports;

/// <summary>The flows of one service, both directions together: what people look for first.</summary>
/// <param name="Name">Protocol and the server's port.</param>
/// <param name="Packets">Packets that carry a measurement.</param>
/// <param name="Lost">Packets lost.</param>
/// <param name="RoundTrip">Round trips, as both sides saw them.</param>
/// <param name="ServerDelay">What the servers took.</param>
internal sealed record ServiceSummary(
    string Name, long Packets, long Lost, LatencyHistogram RoundTrip, LatencyHistogram ServerDelay)
{
    /// <summary>Every service, the one with most packets first.</summary>
    public static IReadOnlyList<ServiceSummary> Of(IEnumerable<FlowReport> flows) =>
        [.. flows.GroupBy(NameOf).Select(Sum).OrderByDescending(service => service.Packets)];

    private static ServiceSummary Sum(IGrouping<string, FlowReport> flows)
    {
        LatencyHistogram roundTrip = new(), serverDelay = new();
        foreach (FlowReport flow in flows)
        {
            roundTrip.Add(flow.RoundTrip);
            if (!flow.IsClient)
                serverDelay.Add(flow.ServerDelay);
        }
        return new ServiceSummary(flows.Key, flows.Sum(flow => flow.Tally.Packets),
            flows.Sum(flow => flow.Counts.LostWithinSeries), roundTrip, serverDelay);
    }

    private static string NameOf(FlowReport report)
    {
        FlowKey flow = report.Flow;
        if (flow.IsEcho)
            return "icmpv6 echo";
        if (!NextHeader.HasPorts(flow.Protocol))
            return ProtocolText.KindOf(flow);
        // Who turns packets round for others is the server; who did not yet is told by the lower port.
        bool isToServer = report.IsClient || (report.ServerDelay.Count == 0 && flow.DestinationPort < flow.SourcePort);
        ushort port = isToServer ? flow.DestinationPort : flow.SourcePort;
        return string.Create(CultureInfo.InvariantCulture, $"{ProtocolText.NameOf(flow.Protocol)} {port}");
    }
}
