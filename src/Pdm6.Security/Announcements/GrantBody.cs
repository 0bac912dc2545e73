namespace Pdm6.Security.Announcements;

/// <summary>What is signed of a grant.</summary>
/// <param name="Grant">The octets of the grant's JSON: what the sealed item is bound to.</param>
/// <param name="Sealed">The pair secret.</param>
internal sealed record GrantBody(byte[] Grant, SealedSecret Sealed);
