namespace Pdm6.Datapath.Tests;

/// <summary>Tests that count all kernel objects of ours must not run beside tests that make some.</summary>
[CollectionDefinition(nameof(KernelObjects), DisableParallelization = true)]
public class KernelObjectsCollection;
