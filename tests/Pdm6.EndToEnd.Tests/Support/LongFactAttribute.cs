namespace Pdm6.EndToEnd.Tests;

/// <summary>A <see cref="RootFactAttribute"/> that takes minutes: runs only where PDM6_LONG is 1.</summary>
public sealed class LongFactAttribute : FactAttribute
{
    public LongFactAttribute() => Skip = new RootFactAttribute().Skip
        ?? (Environment.GetEnvironmentVariable("PDM6_LONG") == "1" ? null : "NOT RUN: takes minutes; set PDM6_LONG=1 (./test --long)");
}
