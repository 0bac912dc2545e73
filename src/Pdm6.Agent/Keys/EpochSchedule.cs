using Pdm6.Security;

namespace Pdm6.Agent.Keys;

/// <summary>
/// A context's timetable on this host's boot clock, which is never set: the sender changes epochs by elapsed time,
/// whatever becomes of Unix time (protocol reference, section 6). Pure: time is an argument.
/// </summary>
/// <param name="FirstEpoch">The epoch of index 0.</param>
/// <param name="FirstInstantNs">When index 0 begins, boot clock.</param>
/// <param name="LengthNs">Length of an epoch.</param>
/// <param name="Count">Epochs to be used: those of the timetable, or fewer if the context is ended early.</param>
public sealed record EpochSchedule(ushort FirstEpoch, ulong FirstInstantNs, ulong LengthNs, uint Count)
{
    /// <summary>How long after its end an epoch may still seal, should the change be late.</summary>
    public const ulong DeadlineSlackNs = 1_000_000_000;

    /// <summary>When it ends although its last epoch does not.</summary>
    public ulong LatestEndNs { get; private init; } = ulong.MaxValue;

    /// <summary>When it ends.</summary>
    public ulong EndNs => Math.Min(StartOf(Count), LatestEndNs);

    /// <summary>The timetable on the boot clock.</summary>
    /// <param name="timetable">What is announced.</param>
    /// <param name="firstInstantBootNs">Its first instant, boot clock.</param>
    public static EpochSchedule From(EpochTimetable timetable, ulong firstInstantBootNs)
    {
        ArgumentNullException.ThrowIfNull(timetable);
        return new EpochSchedule(timetable.FirstEpoch, firstInstantBootNs, timetable.LengthNs, timetable.Count);
    }

    /// <summary>The index that an instant falls into; null before the first and from the end on.</summary>
    public long? IndexAt(ulong bootNs) =>
        bootNs < FirstInstantNs || bootNs >= EndNs ? null : (long)((bootNs - FirstInstantNs) / LengthNs);

    /// <summary>When an index begins, boot clock.</summary>
    public ulong StartOf(long index) => FirstInstantNs + (ulong)index * LengthNs;

    /// <summary>From when on nothing is sealed in an index, boot clock.</summary>
    public ulong DeadlineOf(long index) => StartOf(index + 1) + DeadlineSlackNs;

    /// <summary>The 12-bit epoch of an index.</summary>
    public ushort EpochOf(long index) => (ushort)((FirstEpoch + index) % EpochTimetable.EpochCount);

    /// <summary>The same, but over after an index.</summary>
    public EpochSchedule EndingAfter(long index) => this with { Count = (uint)Math.Min(Count, index + 1) };

    /// <summary>The same, but over at an instant.</summary>
    public EpochSchedule EndingAt(ulong bootNs) => this with { LatestEndNs = Math.Min(LatestEndNs, bootNs) };
}
