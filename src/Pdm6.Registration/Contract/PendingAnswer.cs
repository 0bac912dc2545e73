namespace Pdm6.Registration.Contract;

/// <summary>An operator has to approve the enrolment first (202): ask the same again in some seconds.</summary>
/// <param name="Pending">What the operator approves: the fingerprint of the identity key.</param>
public sealed record PendingAnswer(string Pending);
