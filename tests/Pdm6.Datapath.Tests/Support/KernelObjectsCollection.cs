namespace Pdm6.Datapath.Tests;

/// <summary>Tests that count what this process holds in the kernel must not run beside tests that load something.</summary>
[CollectionDefinition(nameof(KernelObjects), DisableParallelization = true)]
public class KernelObjectsCollection;
