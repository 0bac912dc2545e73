using System.CommandLine;
using Pdm6.Security;

namespace Pdm6.Cli.Verbs;

/// <summary><c>pdm6 key create</c>.</summary>
internal sealed class KeyCreateVerb : Verb
{
    internal KeyCreateVerb() : base(
        "create",
        "Makes a key file for a laboratory; copy it to every host that takes part.",
        "pdm6 key create /etc/pdm6/lab.key")
    {
        Argument<string> path = new("FILE") { Description = "The file to make (mode 0600; an existing one is left alone)." };
        Add(path);
        SetAction(parsed =>
        {
            KeyFile.Create(parsed.GetRequiredValue(path));
            return ExitCode.Success;
        });
    }
}
