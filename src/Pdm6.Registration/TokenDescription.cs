using Pdm6.Security.Identity;
using Pdm6.Wire;

namespace Pdm6.Registration;

/// <summary>A token as operators see it later: without its secret.</summary>
/// <param name="Id">Names it.</param>
/// <param name="Role">The role of those who enrol with it.</param>
/// <param name="Prefixes">The prefixes that they may ask for.</param>
/// <param name="Used">How many it has enrolled.</param>
/// <param name="Uses">How many it may enrol.</param>
/// <param name="Expires">Until when.</param>
/// <param name="NeedsApproval">An operator must approve each enrolment.</param>
/// <param name="IsRevoked">It enrols nobody any more.</param>
public sealed record TokenDescription(
    string Id, Role Role, IReadOnlyList<Ipv6Prefix> Prefixes, long Used, long Uses, DateTimeOffset Expires, bool NeedsApproval,
    bool IsRevoked);
