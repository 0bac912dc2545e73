namespace Pdm6.Security;

/// <summary>What an opener made of an announcement.</summary>
public enum AddContextResult
{
    /// <summary>Its context is in use from now on.</summary>
    Added,
    /// <summary>A newer announcement of the context is known, or two newer contexts of each of its addresses (live use
    /// only), or the context belongs to another incarnation.</summary>
    Superseded,
    /// <summary>The opener holds as many contexts as it may.</summary>
    TooMany,
}
