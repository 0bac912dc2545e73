using System.CommandLine;

namespace Pdm6.Cli;

/// <summary>A verb of the command: parses its options and hands over to the room that does the work.</summary>
internal abstract class Verb(string name, string description, string example, string details = "")
    : Command(name, description)
{
    /// <summary>A command line that works, shown in the list of verbs.</summary>
    internal string Example => example;

    /// <summary>What <c>--help</c> says below the options; may be empty.</summary>
    internal string Details => details;
}
