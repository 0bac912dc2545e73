namespace Pdm6.Registration.Server;

/// <summary>Somebody else than the operator's tokens who decides about enrolments. Asked when the credential of an
/// enrolment is not a token.</summary>
public interface IEnrollmentJudge
{
    /// <summary>Decides. Asked again when the same host asks again, until it is accepted.</summary>
    /// <param name="question">Who wants to take part.</param>
    /// <param name="cancellationToken">The host has gone away.</param>
    ValueTask<EnrollmentVerdict> JudgeAsync(EnrollmentQuestion question, CancellationToken cancellationToken);
}
