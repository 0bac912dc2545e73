namespace Pdm6.Security.Announcements;

/// <summary>What was sealed (protocol reference, section 7); the values are on the wire.</summary>
internal enum SecretKind : byte
{
    /// <summary>A context's base secret, for an analyzer.</summary>
    BaseSecret = 0,
    /// <summary>The secret of one directed address pair, for the destination.</summary>
    PairSecret = 1,
}
