namespace Pdm6.Datapath;

/// <summary>Options sealed for one address pair under one rule in one epoch.</summary>
public readonly record struct SealedCount(AddressPair Pair, int Rule, ulong Count);
