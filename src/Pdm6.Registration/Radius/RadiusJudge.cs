using Pdm6.Registration.Contract;
using Pdm6.Registration.Server;
using Pdm6.Security.Identity;

namespace Pdm6.Registration.Radius;

/// <summary>Lets the operator's RADIUS servers decide about enrolments: docs/radius.md.</summary>
/// <param name="client">Asks them.</param>
/// <param name="log">Takes lines for people.</param>
internal sealed class RadiusJudge(RadiusClient client, SparseLog log) : IEnrollmentJudge
{
    private const string Source = "radius";

    /// <inheritdoc/>
    public async ValueTask<EnrollmentVerdict> JudgeAsync(EnrollmentQuestion question, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(question);
        if (!PasswordCredential.TryParse(question.Credential, out PasswordCredential? credential, out string? error))
            return new EnrollmentVerdict.Denied(error);
        RadiusAnswer answer = await client
            .AskAsync(new RadiusQuestion(question.Name, question.Role, question.From), credential.Password, cancellationToken)
            .ConfigureAwait(false);
        if (answer.Kind == RadiusAnswerKind.None)
            log.Write(answer.Message);
        return Decide(answer, question.Role);
    }

    /// <summary>What an answer means for who wants this role. In doubt: no.</summary>
    internal static EnrollmentVerdict Decide(RadiusAnswer answer, Role role) => answer.Kind switch
    {
        RadiusAnswerKind.Accept => OfAccept(answer, role),
        RadiusAnswerKind.Reject => new EnrollmentVerdict.Denied(
            answer.Message.Length > 0 ? answer.Message : "The RADIUS server said no and gave no reason: ask its operator."),
        RadiusAnswerKind.Challenge => new EnrollmentVerdict.Denied(
            "The RADIUS server asks a second question (Access-Challenge), and nobody is there to answer it: "
            + "ask its operator to let this name in by its password alone."),
        _ => new EnrollmentVerdict.Undecided("No RADIUS server answered: try again; the registrar's log says what is wrong."),
    };

    private static EnrollmentVerdict OfAccept(RadiusAnswer answer, Role role)
    {
        bool needsApproval = answer.Words.Contains(RadiusWords.Wait);
        string[] roles = [.. answer.Words.Where(word => word != RadiusWords.Wait)];
        if (roles.FirstOrDefault(word => !RoleText.TryParse(word, out _)) is not null)
            return Wrong("a Filter-Id or Class that begins with pdm6: and has no meaning");
        // Who is trusted with other people's base secrets must be named.
        if (!roles.DefaultIfEmpty(RoleText.Of(Role.Endpoint)).Contains(RoleText.Of(role)))
            return new EnrollmentVerdict.Denied($"The RADIUS server does not let this name be an {RoleText.Of(role)}: ask its operator.");
        if (answer.HasBadPrefix)
            return Wrong("a prefix that is none");
        if (answer.Prefixes.Count > RegistrarLimits.MostPrefixes)
            return Wrong($"more than {RegistrarLimits.MostPrefixes} prefixes");
        if (role == Role.Endpoint && answer.Prefixes.Count == 0)
            return Wrong("no Framed-IPv6-Prefix and no Delegated-IPv6-Prefix");
        return new EnrollmentVerdict.Accepted(answer.Prefixes, Source, needsApproval);
    }

    private static EnrollmentVerdict.Denied Wrong(string what) =>
        new($"The RADIUS server's answer has {what}: ask its operator to correct the entry of this name.");
}
