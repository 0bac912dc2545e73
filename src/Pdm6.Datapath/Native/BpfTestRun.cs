namespace Pdm6.Datapath.Native;

/// <summary>What a test run of a program came to.</summary>
/// <param name="ReturnValue">What the program returned.</param>
/// <param name="OutputLength">Octets of the packet afterwards.</param>
/// <param name="DurationNs">Mean time of one run.</param>
public readonly record struct BpfTestRun(int ReturnValue, int OutputLength, uint DurationNs);
