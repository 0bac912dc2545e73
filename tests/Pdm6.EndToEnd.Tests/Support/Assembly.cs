using System.Runtime.Versioning;

[assembly: SupportedOSPlatform("linux")]
// Delays are measured here to within microseconds: tests must not take the processors from each other.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
