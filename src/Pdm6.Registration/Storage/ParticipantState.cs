namespace Pdm6.Registration.Storage;

/// <summary>How far a participant is. The names are those of the column, in lower case.</summary>
internal enum ParticipantState
{
    /// <summary>Waits for an operator.</summary>
    Pending,
    /// <summary>An operator agreed; its next request gets the certificate.</summary>
    Approved,
    /// <summary>Has a certificate.</summary>
    Active,
    /// <summary>Refused from then on, for ever: another enrolment takes another key.</summary>
    Revoked,
}
