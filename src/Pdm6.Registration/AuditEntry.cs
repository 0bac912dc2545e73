namespace Pdm6.Registration;

/// <summary>One line of the registrar's audit log, which only grows.</summary>
/// <param name="Id">Rises.</param>
/// <param name="TimeUnixNs">When, nanoseconds since the Unix epoch.</param>
/// <param name="Actor">Who did it: <c>operator</c>, or a participant's name.</param>
/// <param name="Action">What was done.</param>
/// <param name="Subject">To whom or what.</param>
/// <param name="Prefixes">For which prefixes or addresses.</param>
/// <param name="Reason">Why, or what else is to be known.</param>
public sealed record AuditEntry(
    long Id, long TimeUnixNs, string Actor, string Action, string Subject, string Prefixes, string Reason);
