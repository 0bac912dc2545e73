namespace Pdm6.Agent.Paths;

/// <summary>What an agent knows of the paths to destinations.</summary>
/// <param name="Watched">Address pairs that are in use and whose destination can be asked.</param>
/// <param name="FallenBack">Pairs whose path loses something.</param>
/// <param name="Fallbacks">How often a path was found to lose something, since the agent's start.</param>
/// <param name="Returns">How often something was found to arrive again.</param>
/// <param name="NotAsUsual">The paths that lose something, and those that do not answer; not more than
/// <see cref="MostListed"/>.</param>
public sealed record PathReport(int Watched, int FallenBack, long Fallbacks, long Returns, IReadOnlyList<PathStatus> NotAsUsual)
{
    /// <summary>The most entries of <see cref="NotAsUsual"/>.</summary>
    public const int MostListed = 100;

    /// <summary>Before anything is known.</summary>
    public static PathReport Empty { get; } = new(0, 0, 0, 0, []);
}
