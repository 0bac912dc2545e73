namespace Pdm6.Datapath.Tests;

/// <summary>What the sealing code made of a case.</summary>
/// <param name="Block">The ciphertext.</param>
/// <param name="Tag">The tag that it made, or that it expected.</param>
/// <param name="Accepted">Of a verification: was the given tag that one?</param>
internal sealed record SealingResult(byte[] Block, byte[] Tag, bool Accepted);
