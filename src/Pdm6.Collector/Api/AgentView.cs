using Pdm6.Collector.Storage;

namespace Pdm6.Collector.Api;

/// <summary>One incarnation of an agent.</summary>
/// <param name="Name">Its host.</param>
/// <param name="IncarnationId">The life of the agent process.</param>
/// <param name="State">"live" if heard of in the last 5 s, "quiet" in the last 30 s, else "silent".</param>
/// <param name="LastSeenUnixNs">When it was last heard of.</param>
/// <param name="Addresses">The addresses that it announced.</param>
/// <param name="ContextId">Its newest context.</param>
/// <param name="NotAfterUnixNs">When that context's announcement expires.</param>
/// <param name="Rules">Its policy rules.</param>
/// <param name="Observations">Observations taken from it.</param>
/// <param name="NotSelected">Packets that no rule chose, by reason.</param>
/// <param name="Ingress">Options that it received, by what it made of them.</param>
/// <param name="RingLost">Observations that found its ring buffer full.</param>
/// <param name="ExportLost">Observations that it could neither send nor keep.</param>
public sealed record AgentView(
    string Name, string IncarnationId, string State, ulong LastSeenUnixNs, IReadOnlyList<string> Addresses,
    string ContextId, ulong NotAfterUnixNs, IReadOnlyList<string> Rules, long Observations,
    IReadOnlyDictionary<string, long> NotSelected, IReadOnlyDictionary<string, long> Ingress, long RingLost,
    long ExportLost)
{
    private const ulong LiveNs = 5 * UnixTime.NanosecondsPerSecond;
    private const ulong QuietNs = 30 * UnixTime.NanosecondsPerSecond;
    private static readonly Dictionary<string, long> _nothing = [];

    internal static AgentView Of(StoredAgent agent, ulong nowUnixNs)
    {
        ulong silence = nowUnixNs - Math.Min(nowUnixNs, agent.LastSeenUnixNs);
        return new AgentView(
            agent.Description.Name,
            agent.Description.IncarnationId.ToString(),
            silence <= LiveNs ? "live" : silence <= QuietNs ? "quiet" : "silent",
            agent.LastSeenUnixNs,
            [.. agent.Description.Announcement.Addresses.Select(address => address.ToString())],
            agent.Description.Announcement.ContextId.ToString(),
            agent.Description.Announcement.NotAfterUnixNs,
            agent.Description.Rules,
            agent.Observations,
            agent.Report?.NotSelected ?? _nothing,
            agent.Report?.Ingress ?? _nothing,
            agent.Report?.RingLost ?? 0,
            agent.Report?.ExportLost ?? 0);
    }
}
