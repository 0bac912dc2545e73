namespace Pdm6.EndToEnd.Tests;

/// <summary>A theory with the needs of a <see cref="RootFactAttribute"/>.</summary>
public sealed class RootTheoryAttribute : TheoryAttribute
{
    public RootTheoryAttribute() => Skip = new RootFactAttribute().Skip;
}
