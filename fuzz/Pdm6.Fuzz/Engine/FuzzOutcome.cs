namespace Pdm6.Fuzz.Engine;

/// <summary>What a decoder made of an input.</summary>
/// <param name="IsAccepted">It was well-formed, or authentic.</param>
/// <param name="Feature">A number for what happened, coarse: an input that brings a new one is kept and mutated
/// further.</param>
internal readonly record struct FuzzOutcome(bool IsAccepted, int Feature);
