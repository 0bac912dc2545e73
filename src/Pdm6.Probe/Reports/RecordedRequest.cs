namespace Pdm6.Probe.Reports;

/// <summary>What became of one request.</summary>
/// <param name="Index">Its number.</param>
/// <param name="SentAtUnixNs">When it left, Unix time.</param>
/// <param name="Reply">Its first reply; null if it is lost.</param>
/// <param name="Copies">Further replies.</param>
internal sealed record RecordedRequest(uint Index, ulong SentAtUnixNs, ProbeReply? Reply, int Copies);
