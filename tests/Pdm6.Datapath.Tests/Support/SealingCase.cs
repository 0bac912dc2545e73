namespace Pdm6.Datapath.Tests;

/// <summary>One message for the sealing code.</summary>
/// <param name="Nonce">12 octets.</param>
/// <param name="AssociatedData">8 octets.</param>
/// <param name="Block">16 octets: plaintext to seal, or ciphertext to verify.</param>
/// <param name="GivenTag">16 octets that a verification compares; empty to seal.</param>
internal sealed record SealingCase(byte[] Nonce, byte[] AssociatedData, byte[] Block, byte[] GivenTag);
