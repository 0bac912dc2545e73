using System.Net;
using Pdm6.Security.Identity;
using Pdm6.Wire;

namespace Pdm6.Registration.Server;

/// <summary>Who wants to take part.</summary>
/// <param name="Credential">What the host sent in place of a token. A secret.</param>
/// <param name="Name">The name that it asks for; a valid one.</param>
/// <param name="Role">The role that it asks for.</param>
/// <param name="Prefixes">The prefixes that it asks for; null leaves that to the judge.</param>
/// <param name="Identity">The fingerprint of its identity key, which it has proved to hold.</param>
/// <param name="From">Where the request comes from.</param>
public sealed record EnrollmentQuestion(
    string Credential, string Name, Role Role, IReadOnlyList<Ipv6Prefix>? Prefixes, Fingerprint Identity, IPAddress From)
{
    /// <summary>For logs: without the credential.</summary>
    public override string ToString() => $"{Name} ({Role}) from {From}";
}
