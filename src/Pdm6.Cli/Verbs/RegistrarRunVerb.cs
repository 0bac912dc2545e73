using System.CommandLine;
using System.Net;
using Pdm6.Cli.Registration;
using Pdm6.Registration;
using Pdm6.Security;

namespace Pdm6.Cli.Verbs;

/// <summary><c>pdm6 registrar run</c>.</summary>
internal sealed class RegistrarRunVerb : Verb
{
    internal RegistrarRunVerb() : base(
        "run",
        "Enrols endpoints and analyzers and relays what they announce to each other; it can open nothing of it.",
        "pdm6 registrar run --data /var/lib/pdm6/registrar",
        RegistrarPlace.Details)
    {
        RegistrarPlace place = new(this);
        Option<string?> listen = new("--listen") { Description = "Address and port for participants, as in [::]:8652." };
        Option<string[]> names = new("--name") { Description = "A DNS name of this host, besides its own; may be repeated." };
        Add(listen);
        Add(names);
        SetAction(async (parsed, stop) =>
        {
            RegistrarOptions options = place.Options(parsed);
            if (parsed.GetValue(listen) is { } address)
                options = options with
                {
                    Listen = IPEndPoint.TryParse(address, out IPEndPoint? endPoint)
                        ? endPoint
                        : throw new WrongUseException($"'{address}' is not an address with a port; write it like [::]:8652."),
                };
            options = options with { Names = [.. options.Names, .. parsed.GetValue(names) ?? []] };
            TextWriter errors = parsed.InvocationConfiguration.Error;
            // The authority's key can make anybody a participant. A system that cannot protect it is no reason not to run.
            foreach (string refused in ProcessMemory.Protect())
                await errors.WriteLineAsync($"pdm6 registrar: {refused}").ConfigureAwait(false);
            RegistrarHost host = await RegistrarHost.StartAsync(options, stop).ConfigureAwait(false);
            await using (host.ConfigureAwait(false))
            {
                await errors.WriteLineAsync(
                    $"pdm6 registrar: participants ask at https://{host.Address}, authority {host.Authority.Fingerprint}, {host.StoreDescription}").ConfigureAwait(false);
                await Task.Delay(Timeout.Infinite, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
            return ExitCode.Success;
        });
    }
}
