using System.CommandLine;
using Pdm6.Cli.Registration;
using Pdm6.Registration.Client;
using Pdm6.Registration.Identities;

namespace Pdm6.Cli.Verbs;

/// <summary><c>pdm6 keys rotate</c>.</summary>
internal sealed class KeysRotateVerb : Verb
{
    internal KeysRotateVerb() : base(
        "rotate",
        "Makes a new HPKE key, tells the others, and keeps the old one to open what was sealed to it.",
        "pdm6 keys rotate",
        $"""
        The new key is published at once, or by the running agent or collector as soon as the registrar can be reached; they
        take it into use without a restart. An endpoint removes the old key after {IdentityDirectory.EndpointsKeepRetiredHours} hours; an analyzer keeps it, because
        captures are opened later.
        """)
    {
        Option<string> identity = IdentityOption.Create();
        Add(identity);
        SetAction(async (parsed, stop) =>
        {
            TextWriter errors = parsed.InvocationConfiguration.Error;
            using IdentityDirectory directory = IdentityDirectory.Load(parsed.GetRequiredValue(identity));
            directory.RotateHpkeKey(TimeProvider.System);
            await parsed.InvocationConfiguration.Output.WriteLineAsync(directory.HpkeKeys[0].PublicKey.KeyId.ToString()).ConfigureAwait(false);
            using ParticipantSession session = new(directory, TimeProvider.System, line => errors.WriteLine($"pdm6 keys: {line}"));
            string trouble = await session.CatchUpAsync(stop).ConfigureAwait(false);
            if (trouble.Length > 0)
                await errors.WriteLineAsync(
                    $"pdm6 keys: the key is made but not yet published ({trouble}): the agent or collector of this directory publishes it.").ConfigureAwait(false);
            return ExitCode.Success;
        });
    }
}
