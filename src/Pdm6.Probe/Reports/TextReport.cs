using System.Globalization;

namespace Pdm6.Probe.Reports;

/// <summary>For people: a line for each reply and a summary, both as ping's; in a terminal, a line that lives.</summary>
internal sealed class TextReport(TextWriter output, bool isQuiet, bool isLive) : IProbeReport
{
    private const string EraseLine = "\r\x1b[K";
    private bool _manyTargets;

    public void Start(ProberOptions options)
    {
        _manyTargets = options.Targets.Count > 1;
        int octets = options.Octets ?? ProberOptions.SmallestRequest(options.Protocol, options.Key is not null);
        string how = options.Protocol == ProbeProtocol.Stamp
            ? options.Key is null ? "STAMP, unauthenticated" : "STAMP, authenticated"
            : "sealed udp-frames";
        string who = options.Targets is [var only]
            ? $"{only.Name} ({only.Address}) port {only.Port}"
            : $"{options.Targets.Count} hosts";
        output.WriteLine($"PROBE {who}: {octets} octets, {how}");
    }

    public void OnReply(ProbeTarget target, in ProbeReply reply)
    {
        if (isQuiet || isLive)
            return;
        string hops = reply.HopsThere is { } there ? $"hops={there}/{reply.HopsBack}" : $"hops=?/{reply.HopsBack}";
        string time = reply.RoundTripNs is { } roundTrip ? $"time={Ms(roundTrip)} ms" : "time=? (the reflector's times contradict it)";
        string oneWay = reply is { DelayThereNs: { } thereNs, DelayBackNs: { } backNs }
            ? $" there={Ms(thereNs)} ms back={Ms(backNs)} ms"
            : "";
        output.WriteLine($"{reply.Octets} octets from {Name(target)}: seq={reply.Index} {hops} {time}{oneWay}");
    }

    public void OnLost(ProbeTarget target, uint index, ulong sentAtUnixNs)
    {
        if (!isQuiet && !isLive)
            output.WriteLine($"no answer from {Name(target)}: seq={index}");
    }

    public void OnDuplicate(ProbeTarget target, uint index)
    {
        if (!isQuiet && !isLive)
            output.WriteLine($"again from {Name(target)}: seq={index} (DUP!)");
    }

    public void OnProblem(ProbeTarget target, string problem)
    {
        if (!isQuiet && !isLive)
            output.WriteLine($"{Name(target)}: {problem}");
    }

    public void OnProgress(IReadOnlyList<ProbeSummary> soFar)
    {
        if (!isLive)
            return;
        long sent = soFar.Sum(summary => summary.Sent), lost = soFar.Sum(summary => summary.Lost);
        long decided = sent - soFar.Sum(summary => summary.Waiting);
        string times = soFar is [{ RoundTrip.Count: > 0 } only]
            ? $", round trip {Ms(only.RoundTrip.LastNs)} ms, median {Ms(only.RoundTrip.Histogram.Quantile(0.5))} ms, jitter {Ms(only.JitterNs)} ms"
            : "";
        output.Write($"{EraseLine}{sent} sent, {lost} lost ({Percent(lost, decided)}){times}");
        output.Flush();
    }

    public void Finish(IReadOnlyList<ProbeSummary> summaries, long socketDrops)
    {
        if (isLive)
            output.Write(EraseLine);
        foreach (ProbeSummary summary in summaries)
            Write(summary);
        if (socketDrops > 0)
            output.WriteLine($"This host dropped {socketDrops} replies because the program did not keep up; they count as lost.");
    }

    private void Write(ProbeSummary summary)
    {
        output.WriteLine();
        output.WriteLine($"--- {summary.Target.Name} probe statistics ---");
        output.WriteLine(
            $"{summary.Sent} packets transmitted, {summary.Received} received{Extras(summary)}, "
            + $"{Loss(summary)}time {summary.DurationNs / 1_000_000}ms");
        if (summary.RoundTrip.Count == 0)
            return;
        DelayDistribution roundTrip = summary.RoundTrip;
        output.WriteLine(
            $"rtt min/avg/max/mdev = {Ms(roundTrip.Histogram.LeastNs)}/{Ms(roundTrip.MeanNs)}/{Ms(roundTrip.Histogram.GreatestNs)}/{Ms(roundTrip.DeviationNs)} ms");
        WriteQuantiles("round trip", roundTrip);
        if (summary.Variation.Count > 0)
            WriteQuantiles("variation", summary.Variation, $", jitter {Ms(summary.JitterNs)} ms");
        if (summary.Reflector.Count > 0)
            WriteQuantiles("reflector", summary.Reflector, " (taken out of the round trip)");
        WriteDirection("there", summary.There, summary.HopsThere, summary.DelayThere, summary.ClockErrorNs);
        WriteDirection("back", summary.Back, summary.HopsBack, summary.DelayBack, summary.ClockErrorNs);
    }

    private void WriteQuantiles(string name, DelayDistribution delays, string remark = "") => output.WriteLine(
        $"{name} p50/p90/p99 = {Ms(delays.Histogram.Quantile(0.5))}/{Ms(delays.Histogram.Quantile(0.9))}/{Ms(delays.Histogram.Quantile(0.99))} ms{remark}");

    private void WriteDirection(string name, DirectionSummary counts, int? hops, DelayDistribution delays, long? clockErrorNs)
    {
        string oneWay = delays.Count > 0 && clockErrorNs is { } error
            ? $", one-way p50/p99 = {Ms(delays.Histogram.Quantile(0.5))}/{Ms(delays.Histogram.Quantile(0.99))} ms within {Ms(error)} ms"
            : "";
        output.WriteLine(
            $"{name}: {Known(counts.Sent)} sent, {Known(counts.Lost)} lost, {Known(counts.Duplicated)} duplicated, "
            + $"{Known(counts.Reordered)} reordered, {Known(hops)} hops{oneWay}");
    }

    private static string Extras(ProbeSummary summary)
    {
        string extras = "";
        if (summary.Duplicates > 0)
            extras += $", +{summary.Duplicates} duplicates";
        if (summary.SendFailed > 0)
            extras += $", {summary.SendFailed} not sent";
        if (summary.IcmpErrors > 0)
            extras += $", +{summary.IcmpErrors} errors";
        if (summary.Late > 0)
            extras += $", {summary.Late} too late";
        if (summary.Limited > 0)
            extras += $", {summary.Limited} held back by the reflector's rate limit";
        if (summary.Refused > 0)
            extras += $", {summary.Refused} refused";
        return extras;
    }

    private string Name(ProbeTarget target) => _manyTargets ? $"{target.Name} ({target.Address})" : target.Address.ToString();

    private static string Known(long? value) => value?.ToString(CultureInfo.InvariantCulture) ?? "?";

    private static string Ms(double nanoseconds) => (nanoseconds / 1e6).ToString("0.000", CultureInfo.InvariantCulture);

    /// <summary>Nothing, where nothing left: then nothing is lost, and nothing arrived.</summary>
    private static string Loss(ProbeSummary summary) =>
        summary is { Sent: 0, SendFailed: > 0 } ? "" : $"{Percent(summary.Lost, summary.Sent - summary.Waiting)} packet loss, ";

    private static string Percent(long part, long whole) =>
        whole == 0 ? "0%" : (100.0 * part / whole).ToString("0.####", CultureInfo.InvariantCulture) + "%";
}
