namespace Pdm6.Registration.Client;

/// <summary>What became of a request to a registrar: what the caller does next.</summary>
public enum RegistrarOutcome
{
    /// <summary>Done.</summary>
    Accepted,
    /// <summary>An operator decides about the enrolment: the same again in some seconds.</summary>
    Pending,
    /// <summary>The registrar said no: the same again would be refused again.</summary>
    Refused,
    /// <summary>The registrar is busy or does not answer: the same again later.</summary>
    Unavailable,
    /// <summary>Somebody answered who is not the registrar, or a clock is wrong. Nothing was sent to him.</summary>
    NotTheRegistrar,
}
