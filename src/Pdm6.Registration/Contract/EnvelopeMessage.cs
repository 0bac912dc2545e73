namespace Pdm6.Registration.Contract;

/// <summary>A signed envelope on its way: octets that nothing has verified yet.</summary>
/// <param name="Certificate">The signer's certificate, DER.</param>
/// <param name="Body">The octets that were signed.</param>
/// <param name="Signature">The signature.</param>
public sealed record EnvelopeMessage(byte[] Certificate, byte[] Body, byte[] Signature);
