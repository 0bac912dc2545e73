using System.Diagnostics.CodeAnalysis;
using Pdm6.Security.Identity;

namespace Pdm6.Registration.Contract;

/// <summary>Roles as JSON, the store and command lines spell them.</summary>
public static class RoleText
{
    private const string Endpoint = "endpoint", Analyzer = "analyzer";

    /// <summary><c>endpoint</c> or <c>analyzer</c>.</summary>
    public static string Of(Role role) => role switch
    {
        Role.Endpoint => Endpoint,
        Role.Analyzer => Analyzer,
        _ => throw new ArgumentOutOfRangeException(nameof(role), role, "No such role."),
    };

    /// <summary>False for anything but the two words.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out Role role)
    {
        role = text == Analyzer ? Role.Analyzer : Role.Endpoint;
        return text is Endpoint or Analyzer;
    }
}
