using Pdm6.Cli.Registration;
using Pdm6.Registration;
using Pdm6.Registration.Contract;

namespace Pdm6.Cli.Verbs;

/// <summary><c>pdm6 registrar token list</c>.</summary>
internal sealed class RegistrarTokenListVerb : Verb
{
    internal RegistrarTokenListVerb() : base(
        "list",
        "Lists the tokens, the newest first, without their secrets.",
        "pdm6 registrar token list",
        RegistrarPlace.Details)
    {
        RegistrarPlace place = new(this);
        SetAction(async (parsed, stop) =>
        {
            using RegistrarOperator registrar = place.Open(parsed);
            IReadOnlyList<TokenDescription> tokens = await registrar.TokensAsync(stop).ConfigureAwait(false);
            foreach (TokenDescription token in tokens)
                await parsed.InvocationConfiguration.Output.WriteLineAsync(
                    $"{token.Id}  {RoleText.Of(token.Role),-8}  {State(token),-9}  used {token.Used} of {token.Uses}, until {HpkeKeyText.Utc(token.Expires)}"
                    + $"{(token.NeedsApproval ? ", with approval" : "")}  {string.Join(' ', token.Prefixes)}".TrimEnd()).ConfigureAwait(false);
            return ExitCode.Success;
        });
    }

    private static string State(TokenDescription token) =>
        token.IsRevoked ? "revoked" : token.Expires <= DateTimeOffset.UtcNow ? "expired" : token.Used >= token.Uses ? "used up" : "good";
}
