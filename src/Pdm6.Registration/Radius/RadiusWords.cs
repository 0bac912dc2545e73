using Pdm6.Registration.Contract;
using Pdm6.Security.Identity;

namespace Pdm6.Registration.Radius;

/// <summary>The words that this product and a RADIUS server use for what no attribute was made for: in Called-Station-Id
/// towards the server, in Filter-Id or Class from it. The
/// other words are those of <see cref="RoleText"/>.</summary>
internal static class RadiusWords
{
    /// <summary>What every word begins with, so that other Filter-Ids and Classes can stand beside them.</summary>
    public static ReadOnlySpan<byte> PrefixOctets => "pdm6:"u8;

    /// <summary>An operator has to approve as well.</summary>
    public const string Wait = "wait";

    /// <summary>The word for a role, with the prefix.</summary>
    public static string Of(Role role) => "pdm6:" + RoleText.Of(role);
}
