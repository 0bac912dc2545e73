namespace Pdm6.Security.Tests;

/// <summary>Tests with threads that must meet: they get the processors for themselves.</summary>
[CollectionDefinition(nameof(ContentionCollection), DisableParallelization = true)]
public sealed class ContentionCollection;
