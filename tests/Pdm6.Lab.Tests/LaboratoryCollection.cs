namespace Pdm6.Lab.Tests;

/// <summary>Tests that measure time on real links: one at a time, with nothing beside them.</summary>
[CollectionDefinition("laboratory", DisableParallelization = true)]
public sealed class LaboratoryCollection;
