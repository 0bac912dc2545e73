using System.CommandLine;
using System.Text;
using Pdm6.Cli.Registration;
using Pdm6.Registration;
using Pdm6.Registration.Contract;
using Pdm6.Security.Files;
using Pdm6.Security.Identity;

namespace Pdm6.Cli.Verbs;

/// <summary><c>pdm6 registrar token create</c>.</summary>
internal sealed class RegistrarTokenCreateVerb : Verb
{
    internal RegistrarTokenCreateVerb() : base(
        "create",
        "Makes a token with which a host can enrol, and prints it; it is nowhere else.",
        "pdm6 registrar token create --role endpoint --prefix 2001:db8:1::/64 --output host-a.token",
        RegistrarPlace.Details)
    {
        RegistrarPlace place = new(this);
        Option<string> role = new("--role") { Description = "endpoint or analyzer.", Required = true };
        Option<string[]> prefixes = new("--prefix") { Description = "Source addresses that it allows; may be repeated. Endpoints need one." };
        Option<int> uses = new("--uses") { Description = "How many hosts it enrols.", DefaultValueFactory = _ => 1 };
        Option<string> lifetime = new("--ttl") { Description = "How long it is good: 90s, 30m, 1h, 7d.", DefaultValueFactory = _ => "1h" };
        Option<bool> approval = new("--approval") { Description = "Each enrolment waits for 'pdm6 registrar approve'." };
        Option<string?> output = new("--output") { Description = "Write it into this file (mode 0600; an existing one is left alone)." };
        foreach (Option option in new Option[] { role, prefixes, uses, lifetime, approval, output })
            Add(option);
        SetAction(async (parsed, _) =>
        {
            TokenRequest request = new()
            {
                Role = RoleText.TryParse(parsed.GetRequiredValue(role), out Role known)
                    ? known
                    : throw new WrongUseException("--role is endpoint or analyzer."),
                Prefixes = [.. (parsed.GetValue(prefixes) ?? []).Select(PrefixArgument.Parse)],
                Uses = parsed.GetValue(uses),
                Lifetime = Lifetime.Parse("--ttl", parsed.GetRequiredValue(lifetime)),
                NeedsApproval = parsed.GetValue(approval),
            };
            string? path = parsed.GetValue(output);
            // The file first: a token that could not be written down would be good all the same.
            using AtomicFile? file = path is null ? null : new AtomicFile(path, overwrite: false);
            using RegistrarOperator registrar = place.Open(parsed);
            EnrollmentToken token = await registrar.CreateTokenAsync(request).ConfigureAwait(false);
            if (file is null)
            {
                await parsed.InvocationConfiguration.Output.WriteLineAsync(token.ToText()).ConfigureAwait(false);
                return ExitCode.Success;
            }
            file.Stream.Write(Encoding.ASCII.GetBytes(token.ToText() + "\n"));
            file.Commit();
            await parsed.InvocationConfiguration.Error.WriteLineAsync($"pdm6 registrar: token {token.Id} is in {path}").ConfigureAwait(false);
            return ExitCode.Success;
        });
    }
}
