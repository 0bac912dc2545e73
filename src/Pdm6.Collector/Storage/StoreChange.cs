using Pdm6.Collector.Probes;
using Pdm6.Collector.Secrets;
using Pdm6.Collector.Windows;
using Pdm6.Security;

namespace Pdm6.Collector.Storage;

/// <summary>What one transaction brings: either all of it is stored or nothing.</summary>
/// <param name="NowUnixNs">When it was made.</param>
/// <param name="Windows">Numbers of single seconds to add to what is there.</param>
/// <param name="Counters">The counters of the run as they now are.</param>
/// <param name="Agents">Agents that changed, as they now are.</param>
/// <param name="Announcements">New announcements.</param>
/// <param name="Sealed">Those of them that came under seal, with their envelopes.</param>
/// <param name="Probes">What probers reported.</param>
internal sealed record StoreChange(
    ulong NowUnixNs, IReadOnlyList<GroupWindow> Windows, RunCounters Counters, IReadOnlyList<StoredAgent> Agents,
    IReadOnlyList<Announcement> Announcements, IReadOnlyList<SealedContext> Sealed, IReadOnlyList<ReceivedRound> Probes);
