namespace Pdm6.Registration.Contract;

/// <summary>What was sent is durable.</summary>
/// <param name="Version">The version of the feed that carries it.</param>
public sealed record VersionAnswer(long Version);
