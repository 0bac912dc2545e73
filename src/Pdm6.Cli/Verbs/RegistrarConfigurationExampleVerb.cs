using Pdm6.Registration;

namespace Pdm6.Cli.Verbs;

/// <summary><c>pdm6 registrar config example</c>.</summary>
internal sealed class RegistrarConfigurationExampleVerb : Verb
{
    internal RegistrarConfigurationExampleVerb() : base(
        "example",
        "Prints a commented configuration to start from.",
        "pdm6 registrar config example > registrar.json")
    {
        SetAction(parsed => parsed.InvocationConfiguration.Output.Write(RegistrarOptions.Example));
    }
}
