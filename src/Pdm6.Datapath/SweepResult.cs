namespace Pdm6.Datapath;

/// <summary>What a sweep of the flow table found and did.</summary>
/// <param name="InUse">Flows that stay.</param>
/// <param name="Removed">Flows whose state was removed.</param>
public readonly record struct SweepResult(int InUse, int Removed);
