using Pdm6.Wire;

namespace Pdm6.Registration.Server;

/// <summary>Why somebody may enrol.</summary>
/// <param name="Source">The token's id, or what else decided: for the store and the audit log.</param>
/// <param name="Prefixes">What may be asked for at most.</param>
/// <param name="NeedsApproval">An operator must agree first.</param>
internal sealed record EnrollmentGround(string Source, IReadOnlyList<Ipv6Prefix> Prefixes, bool NeedsApproval);
