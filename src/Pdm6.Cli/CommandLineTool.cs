using System.CommandLine;
using Pdm6.Cli.Verbs;

namespace Pdm6.Cli;

/// <summary>The <c>pdm6</c> command: finds the verb, runs it, and turns what goes wrong into one line and an exit
/// code.</summary>
internal sealed class CommandLineTool
{
    private readonly RootCommand _root;

    private CommandLineTool(RootCommand root) => _root = root;

    /// <summary>The command with all its verbs.</summary>
    internal static CommandLineTool Create()
    {
        RootCommand root = new("Sealed IPv6 performance metrics (PDMv2): where does the time go, network or server?")
        {
            new DemoVerb(),
            new AgentVerb(),
            new CollectorVerb(),
            new Command("registrar", "Who takes part: enrolment, announcements, revocation.")
            {
                new RegistrarRunVerb(),
                new Command("token", "Tokens, with which hosts enrol.")
                {
                    new RegistrarTokenCreateVerb(),
                    new RegistrarTokenListVerb(),
                    new RegistrarTokenRevokeVerb(),
                },
                new RegistrarParticipantsVerb(),
                new RegistrarApproveVerb(),
                new RegistrarRevokeVerb(),
                new RegistrarShareVerb(),
                new RegistrarAuditVerb(),
                new Command("config", "The registrar's configuration.") { new RegistrarConfigurationExampleVerb() },
            },
            new EnrollVerb(),
            new Command("keys", "The keys that this host enrolled with.")
            {
                new KeysShowVerb(),
                new KeysExportVerb(),
                new KeysRotateVerb(),
            },
            new PathVerb(),
            new ProbeVerb(),
            new ReflectVerb(),
            new Command("codec", "PDM options, udp-options and udp-frames: JSON Lines to hex and back.")
            {
                new CodecEncodeVerb(),
                new CodecDecodeVerb(),
            },
            new VectorsVerb(),
            new AnalyzeVerb(),
            new CaptureVerb(),
            new Command("key", "Key files of laboratories.") { new KeyCreateVerb() },
            new Command("lab", "Parts of the laboratory that the demo and the tests run in.")
            {
                new LabRelayVerb(),
                new LabHttpServerVerb(),
            },
        };
        DetailedHelp.AddTo(root);
        CommandLineTool tool = new(root);
        root.SetAction(parsed => tool.WriteVerbs(parsed.InvocationConfiguration.Output));
        return tool;
    }

    /// <summary>Runs a command line and returns the exit code. <paramref name="stop"/> asks the verb to end.</summary>
    internal async Task<int> RunAsync(
        IReadOnlyList<string> arguments, TextWriter output, TextWriter errors, CancellationToken stop)
    {
        ParseResult parsed = _root.Parse(arguments);
        if (parsed.Errors.Count > 0)
        {
            await errors.WriteLineAsync($"pdm6: {UsageErrors.InOneLine(parsed.Errors[0])} See 'pdm6 {VerbOf(parsed)}--help'.").ConfigureAwait(false);
            return ExitCode.WrongUse;
        }
        InvocationConfiguration configuration = new()
        {
            Output = output,
            Error = errors,
            EnableDefaultExceptionHandler = false,
            ProcessTerminationTimeout = null, // signals are Program's
        };
        try
        {
            return await parsed.InvokeAsync(configuration, stop).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return ExitCode.Interrupted;
        }
        catch (Exception e)
        {
            // The last resort of the whole program: a person gets a line, not a stack.
            await errors.WriteLineAsync($"pdm6: {e.Message.ReplaceLineEndings(" ")}").ConfigureAwait(false);
            return ExitCode.Of(e);
        }
    }

    private void WriteVerbs(TextWriter output)
    {
        output.WriteLine(_root.Description);
        output.WriteLine();
        foreach (Verb verb in VerbsBelow(_root))
        {
            output.WriteLine($"  {verb.Example}");
            output.WriteLine($"      {verb.Description}");
        }
        output.WriteLine();
        output.WriteLine("'pdm6 VERB --help' says more about one.");
    }

    private static IEnumerable<Verb> VerbsBelow(Command command) =>
        command.Subcommands.SelectMany(child => child is Verb verb ? [verb, .. VerbsBelow(child)] : VerbsBelow(child));

    private static string VerbOf(ParseResult parsed) =>
        parsed.CommandResult.Command is RootCommand ? "" : $"{NameOf(parsed.CommandResult)} ";

    private static string NameOf(System.CommandLine.Parsing.CommandResult result) =>
        result.Parent is System.CommandLine.Parsing.CommandResult { Command: not RootCommand } parent
            ? $"{NameOf(parent)} {result.Command.Name}"
            : result.Command.Name;
}
