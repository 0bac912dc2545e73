using System.CommandLine;
using Pdm6.Cli.Registration;
using Pdm6.Registration;

namespace Pdm6.Cli.Verbs;

/// <summary><c>pdm6 registrar token revoke</c>.</summary>
internal sealed class RegistrarTokenRevokeVerb : Verb
{
    internal RegistrarTokenRevokeVerb() : base(
        "revoke",
        "Makes a token worthless. Hosts that enrolled with it stay.",
        "pdm6 registrar token revoke 0123456789abcdef",
        RegistrarPlace.Details)
    {
        RegistrarPlace place = new(this);
        Argument<string> id = new("ID") { Description = "As 'pdm6 registrar token list' shows it." };
        Add(id);
        SetAction(async (parsed, _) =>
        {
            using RegistrarOperator registrar = place.Open(parsed);
            await registrar.RevokeTokenAsync(parsed.GetRequiredValue(id)).ConfigureAwait(false);
            return ExitCode.Success;
        });
    }
}
