using System.CommandLine;
using Pdm6.Registration.Identities;

namespace Pdm6.Cli.Registration;

/// <summary><c>--identity</c>, of all verbs that need one.</summary>
internal static class IdentityOption
{
    internal static Option<string> Create() => new("--identity")
    {
        Description = "The identity directory.",
        DefaultValueFactory = _ => IdentityDirectory.DefaultPath,
    };
}
