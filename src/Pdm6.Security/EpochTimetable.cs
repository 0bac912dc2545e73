using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text.Json.Serialization;

namespace Pdm6.Security;

/// <summary>
/// When which epoch of a context is current (protocol reference, section 6): index i covers the half-open interval
/// that begins at <c>FirstInstant + i * Length</c>; its 12-bit epoch is <c>(FirstEpoch + i) mod 4096</c>. A context
/// ends after 4096 epochs or 24 hours, whichever is first, so within one context the epoch names the index.
/// Pure: time is an argument. A timetable from elsewhere is checked with <see cref="TryValidate"/> before use.
/// </summary>
/// <param name="FirstEpoch">The epoch of index 0, 12 bits.</param>
/// <param name="FirstInstantUnixNs">When index 0 begins, nanoseconds since the Unix epoch.</param>
/// <param name="LengthNs">Length of an epoch, nanoseconds.</param>
/// <param name="Count">Epochs in the context.</param>
public sealed record EpochTimetable(ushort FirstEpoch, ulong FirstInstantUnixNs, ulong LengthNs, uint Count)
{
    /// <summary>Epochs that 12 bits can name.</summary>
    public const uint EpochCount = 4096;
    /// <summary>Epoch length unless configured otherwise: 60 s.</summary>
    public const ulong DefaultLengthNs = 60_000_000_000;
    /// <summary>The shortest epoch: 100 ms.</summary>
    public const ulong ShortestLengthNs = 100_000_000;
    /// <summary>The longest a context lives: 24 hours.</summary>
    public const ulong LongestLifeNs = 24UL * 60 * 60 * 1_000_000_000;

    // Year 2262. Keeps every sum of an instant and a life far from the end of 64 bits.
    private const ulong LatestInstantUnixNs = long.MaxValue;

    /// <summary>When the last epoch ends, nanoseconds since the Unix epoch; nothing is sealed from then on.</summary>
    [JsonIgnore]
    public ulong EndNs => StartOf(Count);

    /// <summary>A timetable that begins now with a random epoch and lasts as long as a context may.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A length outside 100 ms to 24 h, or a time past the year
    /// 2262.</exception>
    public static EpochTimetable NewRandom(ulong nowUnixNs, ulong lengthNs)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(nowUnixNs, LatestInstantUnixNs);
        ArgumentOutOfRangeException.ThrowIfLessThan(lengthNs, ShortestLengthNs);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(lengthNs, LongestLifeNs);
        return new EpochTimetable(
            (ushort)RandomNumberGenerator.GetInt32((int)EpochCount), nowUnixNs, lengthNs,
            (uint)Math.Min(EpochCount, LongestLifeNs / lengthNs));
    }

    /// <summary>The index that an instant falls into: negative before the first, <see cref="Count"/> and more after
    /// the last; saturates.</summary>
    public long IndexAt(ulong unixNs) => unixNs >= FirstInstantUnixNs
        ? (long)Math.Min((unixNs - FirstInstantUnixNs) / LengthNs, long.MaxValue)
        : -1 - (long)Math.Min((FirstInstantUnixNs - unixNs - 1) / LengthNs, long.MaxValue);

    /// <summary>The 12-bit epoch of an index.</summary>
    public ushort EpochOf(long index) => (ushort)((FirstEpoch + index) & (EpochCount - 1));

    /// <summary>The index inside this context that an epoch names, if there is one.</summary>
    public bool TryIndexOf(ushort epoch, out long index)
    {
        index = (epoch - FirstEpoch) & (int)(EpochCount - 1);
        return index < Count;
    }

    /// <summary>When an index begins, nanoseconds since the Unix epoch; saturates at 0 and at 2^64-1.</summary>
    public ulong StartOf(long index)
    {
        // |index| < 2^63 and LengthNs < 2^64: the sum stays inside 128 bits.
        Int128 start = FirstInstantUnixNs + (Int128)index * LengthNs;
        return start < 0 ? 0 : start > ulong.MaxValue ? ulong.MaxValue : (ulong)start;
    }

    /// <summary>True if this timetable keeps the rules above; else one line says which it breaks.</summary>
    public bool TryValidate([NotNullWhen(false)] out string? error)
    {
        error = this switch
        {
            { FirstEpoch: >= (ushort)EpochCount } => "The first epoch has more than 12 bits.",
            { FirstInstantUnixNs: > LatestInstantUnixNs } => "The first instant is past the year 2262.",
            { LengthNs: < ShortestLengthNs or > LongestLifeNs } => "An epoch lasts 100 ms to 24 hours.",
            { Count: 0 or > EpochCount } => "A context has 1 to 4096 epochs.",
            _ when Count * LengthNs > LongestLifeNs => "A context lasts at most 24 hours.",
            _ => null,
        };
        return error is null;
    }

    internal static void ThrowIfNotEpoch(ushort epoch) =>
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(epoch, (ushort)EpochCount);
}
