using Pdm6.Datapath;
using Pdm6.Security;

namespace Pdm6.Agent.Keys;

/// <summary>A new epoch is in use.</summary>
/// <param name="FormerContext">The context of the epoch that ended; null for the very first.</param>
/// <param name="FormerIndex">Its index.</param>
/// <param name="FormerSealed">Options sealed in it: final.</param>
/// <param name="Context">The context in use now.</param>
/// <param name="Swept">What the sweep of the flow table did.</param>
internal sealed record EpochChange(
    Announcement? FormerContext, long FormerIndex, IReadOnlyList<SealedCount> FormerSealed, Announcement Context, SweepResult Swept);
