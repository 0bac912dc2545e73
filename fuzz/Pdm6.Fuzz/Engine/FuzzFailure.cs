namespace Pdm6.Fuzz.Engine;

/// <summary>An input that a decoder failed on.</summary>
/// <param name="Input">The input.</param>
/// <param name="Position">How many mutated inputs had been run, this one included.</param>
/// <param name="Thrown">What was thrown.</param>
internal sealed record FuzzFailure(byte[] Input, long Position, Exception Thrown);
