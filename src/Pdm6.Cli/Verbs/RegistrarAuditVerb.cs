using System.CommandLine;
using Pdm6.Cli.Registration;
using Pdm6.Registration;

namespace Pdm6.Cli.Verbs;

/// <summary><c>pdm6 registrar audit</c>.</summary>
internal sealed class RegistrarAuditVerb : Verb
{
    private const int AtOnce = 1000;

    internal RegistrarAuditVerb() : base(
        "audit",
        "Prints who was given what, when, by whom and for which prefixes: number, time, actor, action, subject, prefixes, reason, separated by tabs.",
        "pdm6 registrar audit",
        RegistrarPlace.Details)
    {
        RegistrarPlace place = new(this);
        Option<long> after = new("--after") { Description = "Begin after the line of this number.", DefaultValueFactory = _ => 0 };
        Add(after);
        SetAction(async (parsed, stop) =>
        {
            using RegistrarOperator registrar = place.Open(parsed);
            long last = parsed.GetValue(after);
            IReadOnlyList<AuditEntry> entries;
            do
            {
                entries = await registrar.AuditAsync(last, AtOnce, stop).ConfigureAwait(false);
                foreach (AuditEntry entry in entries)
                    await parsed.InvocationConfiguration.Output.WriteLineAsync(string.Join(
                        '\t', entry.Id, DateTimeOffset.UnixEpoch.AddTicks(entry.TimeUnixNs / 100).ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'"),
                        Field(entry.Actor), entry.Action, Field(entry.Subject), entry.Prefixes, Field(entry.Reason))).ConfigureAwait(false);
                last = entries.Count > 0 ? entries[^1].Id : last;
            }
            while (entries.Count == AtOnce);
            return ExitCode.Success;
        });
    }

    // A reason is free text; a line of the log stays a line.
    private static string Field(string text) => string.Concat(text.Select(c => char.IsControl(c) ? ' ' : c));
}
