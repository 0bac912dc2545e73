using Pdm6.Wire;

namespace Pdm6.Registration.Server;

/// <summary>What an <see cref="IEnrollmentJudge"/> decided.</summary>
public abstract record EnrollmentVerdict
{
    private EnrollmentVerdict()
    {
    }

    /// <summary>The host may take part as what it asked for.</summary>
    /// <param name="Prefixes">From these addresses. If the host asked for prefixes, each of its must be inside.</param>
    /// <param name="Source">Who decided, for the audit log: "radius: radius.example".</param>
    /// <param name="NeedsApproval">An operator must agree too.</param>
    public sealed record Accepted(IReadOnlyList<Ipv6Prefix> Prefixes, string Source, bool NeedsApproval = false) : EnrollmentVerdict;

    /// <summary>The host may not.</summary>
    /// <param name="Reason">One sentence for the host's operator; says nothing that helps an attacker.</param>
    public sealed record Denied(string Reason) : EnrollmentVerdict;

    /// <summary>Nobody could decide: the host asks again later.</summary>
    /// <param name="Reason">One sentence.</param>
    public sealed record Undecided(string Reason) : EnrollmentVerdict;
}
