namespace Pdm6.Registration.Client;

/// <summary>The answer to a request.</summary>
/// <param name="Outcome">What became of it.</param>
/// <param name="Value">The registrar's answer; null unless accepted.</param>
/// <param name="Code">One of <see cref="Contract.ErrorCodes"/> if the registrar gave one, else empty.</param>
/// <param name="Message">One line for people; empty when accepted; for <see cref="RegistrarOutcome.Pending"/> what an
/// operator has to approve.</param>
/// <param name="RetryAfter">When the registrar wants to hear the same again, if it said so.</param>
/// <typeparam name="T">What the route answers.</typeparam>
public readonly record struct RegistrarReply<T>(
    RegistrarOutcome Outcome, T? Value, string Code = "", string Message = "", TimeSpan? RetryAfter = null)
    where T : class
{
    /// <summary>True if the registrar did what it was asked for.</summary>
    public bool IsAccepted => Outcome == RegistrarOutcome.Accepted;
}
