using System.Globalization;

namespace Pdm6.Probe.Reports;

/// <summary>One row for each event, in the order of happening (RFC 4180). Times in nanoseconds; what is not known is
/// empty.</summary>
internal sealed class CsvReport(TextWriter output) : IProbeReport
{
    public void Start(ProberOptions options) => output.WriteLine(
        "target,address,sequence,event,sent_at_unix_ns,received_at_unix_ns,round_trip_ns,reflector_ns,delay_there_ns,delay_back_ns,hops_there,hops_back");

    public void OnReply(ProbeTarget target, in ProbeReply reply) => Write(
        target, reply.Index, "reply",
        Text(reply.SentAtUnixNs), Text(reply.ReceivedAtUnixNs), Text(reply.RoundTripNs), Text(reply.ReflectorNs),
        Text(reply.DelayThereNs), Text(reply.DelayBackNs), Text(reply.HopsThere), Text(reply.HopsBack));

    public void OnLost(ProbeTarget target, uint index, ulong sentAtUnixNs) =>
        Write(target, index, "lost", Text(sentAtUnixNs), "", "", "", "", "", "", "");

    public void OnDuplicate(ProbeTarget target, uint index) => Write(target, index, "duplicate", "", "", "", "", "", "", "", "");

    public void Finish(IReadOnlyList<ProbeSummary> summaries, long socketDrops) => output.Flush();

    private void Write(ProbeTarget target, uint index, string what, params ReadOnlySpan<string> values)
    {
        string name = target.Name.AsSpan().ContainsAny(",\"\n") ? $"\"{target.Name.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : target.Name;
        output.WriteLine($"{name},{target.Address},{index},{what},{string.Join(',', values)}");
    }

    private static string Text(IFormattable? value) => value?.ToString(null, CultureInfo.InvariantCulture) ?? "";
}
