namespace Pdm6.Bench;

/// <summary>A measurement did not measure what it says: its figures would be worth nothing.</summary>
internal sealed class BenchException(string message) : Exception(message)
{
    /// <summary>Throws unless the condition holds.</summary>
    public static void Require(bool holds, string otherwise)
    {
        if (!holds)
            throw new BenchException(otherwise);
    }
}
