using Pdm6.Security;

namespace Pdm6.Agent.Keys;

/// <summary>How long keys live.</summary>
/// <param name="EpochLengthNs">A session key.</param>
/// <param name="ContextLengthNs">A context: whole epochs, at least one. It ends earlier if the protocol wants it
/// (protocol reference, section 6).</param>
internal sealed record KeyRotation(ulong EpochLengthNs, ulong ContextLengthNs = EpochTimetable.LongestLifeNs)
{
    /// <summary>The timetable of a context that begins at an instant.</summary>
    /// <param name="firstInstantUnixNs">When its first epoch begins.</param>
    internal EpochTimetable NewTimetable(ulong firstInstantUnixNs)
    {
        EpochTimetable longest = EpochTimetable.NewRandom(firstInstantUnixNs, EpochLengthNs);
        ulong epochs = Math.Max(1, ContextLengthNs / EpochLengthNs);
        return longest with { Count = (uint)Math.Min(longest.Count, epochs) };
    }
}
