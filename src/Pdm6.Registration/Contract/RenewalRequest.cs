namespace Pdm6.Registration.Contract;

/// <summary>Asks for a new certificate in place of one that ends soon.</summary>
/// <param name="Request">PKCS #10, DER, of the same identity key.</param>
public sealed record RenewalRequest(byte[] Request);
