namespace Pdm6.Registration.Contract;

/// <summary>A renewed certificate: same name, role and prefixes.</summary>
/// <param name="Certificate">DER.</param>
public sealed record RenewalAnswer(byte[] Certificate);
