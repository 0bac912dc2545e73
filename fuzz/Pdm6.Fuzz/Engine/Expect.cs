namespace Pdm6.Fuzz.Engine;

/// <summary>Invariants, without an allocation as long as they hold.</summary>
internal static class Expect
{
    /// <exception cref="BrokenInvariantException">The condition is false.</exception>
    public static void That(bool condition, string promise)
    {
        if (!condition)
            throw new BrokenInvariantException(promise);
    }

    /// <exception cref="BrokenInvariantException">They differ.</exception>
    public static void Equal(ReadOnlySpan<byte> expected, ReadOnlySpan<byte> actual, string promise) =>
        That(expected.SequenceEqual(actual), promise);

    /// <summary>A view lies inside what it was made of.</summary>
    /// <exception cref="BrokenInvariantException">It does not.</exception>
    public static void Inside(ReadOnlySpan<byte> whole, ReadOnlySpan<byte> part)
    {
        if (part.IsEmpty)
            return;
        That(whole.Overlaps(part, out int offset) && offset >= 0 && offset + part.Length <= whole.Length,
            "a view never reaches outside the input");
    }
}
