using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace Pdm6.Cli;

/// <summary>The usual help of a verb, and its details below.</summary>
internal sealed class DetailedHelp(HelpAction usual) : SynchronousCommandLineAction
{
    /// <summary>Shows the details in the help of every verb below a command.</summary>
    internal static void AddTo(RootCommand root)
    {
        foreach (HelpOption help in root.Options.OfType<HelpOption>())
            help.Action = new DetailedHelp((HelpAction)help.Action!);
    }

    public override int Invoke(ParseResult parseResult)
    {
        int code = usual.Invoke(parseResult);
        if (parseResult.CommandResult.Command is Verb { Details.Length: > 0 } verb)
            parseResult.InvocationConfiguration.Output.WriteLine(verb.Details);
        return code;
    }
}
