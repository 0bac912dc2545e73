namespace Pdm6.Registration.Contract;

/// <summary>Asks for a first certificate.</summary>
/// <param name="Token">What the operator handed out, or what another judge of enrolments understands.</param>
/// <param name="Name">The participant's name: 1 to 64 letters, digits, dots, hyphens, underscores.</param>
/// <param name="Role"><c>endpoint</c> or <c>analyzer</c>.</param>
/// <param name="Request">PKCS #10, DER: proves that the caller holds the identity key.</param>
/// <param name="Prefixes">The prefixes that are asked for, inside those of the token; without them, all of the
/// token's.</param>
public sealed record EnrollmentRequest(
    string Token, string Name, string Role, byte[] Request, IReadOnlyList<string>? Prefixes = null);
