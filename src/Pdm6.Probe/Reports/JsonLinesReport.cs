using System.Text.Json;

namespace Pdm6.Probe.Reports;

/// <summary>One JSON object a line: "reply", "lost", "duplicate" and "problem" as they happen, a "summary" for each target
/// at the end.</summary>
internal sealed class JsonLinesReport(TextWriter output) : IProbeReport
{
    public void OnReply(ProbeTarget target, in ProbeReply reply)
    {
        ProbeReply answered = reply;
        WriteEvent("reply", target, answered.Index, json =>
        {
            json.WriteNumber("sentAtUnixNs", answered.SentAtUnixNs);
            json.WriteNumber("receivedAtUnixNs", answered.ReceivedAtUnixNs);
            json.WriteKnown("roundTripNs", answered.RoundTripNs);
            json.WriteNumber("reflectorNs", answered.ReflectorNs);
            json.WriteKnown("delayThereNs", answered.DelayThereNs);
            json.WriteKnown("delayBackNs", answered.DelayBackNs);
            json.WriteKnown("hopsThere", answered.HopsThere);
            json.WriteNumber("hopsBack", answered.HopsBack);
        });
    }

    public void OnLost(ProbeTarget target, uint index, ulong sentAtUnixNs) =>
        WriteEvent("lost", target, index, json => json.WriteNumber("sentAtUnixNs", sentAtUnixNs));

    public void OnDuplicate(ProbeTarget target, uint index) => WriteEvent("duplicate", target, index, _ => { });

    public void OnProblem(ProbeTarget target, string problem) => JsonText.WriteLine(output, json =>
    {
        json.WriteStartObject();
        json.WriteString("type", "problem");
        json.WriteString("target", target.Name);
        json.WriteString("problem", problem);
        json.WriteEndObject();
    });

    public void Finish(IReadOnlyList<ProbeSummary> summaries, long socketDrops)
    {
        foreach (ProbeSummary summary in summaries)
            JsonText.WriteLine(output, json =>
            {
                json.WriteStartObject();
                json.WriteString("type", "summary");
                SummaryJson.Write(json, summary);
                json.WriteNumber("socketDrops", socketDrops);
                json.WriteEndObject();
            });
    }

    private void WriteEvent(string type, ProbeTarget target, uint index, Action<Utf8JsonWriter> write) =>
        JsonText.WriteLine(output, json =>
        {
            json.WriteStartObject();
            json.WriteString("type", type);
            json.WriteString("target", target.Name);
            json.WriteNumber("sequence", index);
            write(json);
            json.WriteEndObject();
        });
}
