using Pdm6.Datapath;
using Pdm6.Security;

namespace Pdm6.Agent.Keys;

/// <summary>One epoch of another's context whose key should be in the kernel. Pure.</summary>
/// <param name="Context">The context.</param>
/// <param name="Epoch">The 12-bit selector.</param>
/// <param name="Period">When it is good, boot clock.</param>
internal sealed record ReceivingKeyPlan(Announcement Context, ushort Epoch, ReceivingKeyPeriod Period)
{
    /// <summary>The epochs of a context that are good at an instant, or will be within <paramref name="aheadNs"/>.</summary>
    internal static IEnumerable<ReceivingKeyPlan> Of(Announcement context, ulong nowUnixNs, ulong aheadNs, long unixMinusBootNs)
    {
        // The kernel programs have AES-256-GCM only; options of other suites are observed, not accepted.
        if (context.Suite != Suite.Aes256Gcm)
            yield break;
        foreach (long index in ReceivingWindow.IndicesAt(context.Timetable, context.ClockErrorBoundNs, nowUnixNs, aheadNs))
        {
            ReceivingWindow window = ReceivingWindow.Of(context.Timetable, context.ClockErrorBoundNs, index);
            yield return new ReceivingKeyPlan(context, context.Timetable.EpochOf(index), new ReceivingKeyPeriod(
                context.Sequence, (ulong)index, ToBoot(window.NotBeforeUnixNs, unixMinusBootNs), ToBoot(window.NotAfterUnixNs, unixMinusBootNs)));
        }
    }

    /// <summary>True if it is the same key, and the same period but for a tolerance.</summary>
    internal bool IsLike(ReceivingKeyPlan other, ulong toleranceNs) =>
        Context.ContextId == other.Context.ContextId && Period.EpochIndex == other.Period.EpochIndex
        && Distance(Period.NotBeforeNs, other.Period.NotBeforeNs) <= toleranceNs
        && Distance(Period.NotAfterNs, other.Period.NotAfterNs) <= toleranceNs;

    private static ulong Distance(ulong a, ulong b) => a > b ? a - b : b - a;

    // An instant before boot is the boot.
    private static ulong ToBoot(ulong unixNs, long unixMinusBootNs) =>
        (ulong)Int128.Clamp((Int128)unixNs - unixMinusBootNs, 0, ulong.MaxValue);
}
