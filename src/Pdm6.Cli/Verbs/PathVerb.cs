using System.CommandLine;
using System.Text;
using Pdm6.Agent.Paths;
using Pdm6.Cli.Probing;
using Pdm6.Probe;

namespace Pdm6.Cli.Verbs;

/// <summary><c>pdm6 path</c>.</summary>
internal sealed class PathVerb : Verb
{
    internal PathVerb() : base(
        "path",
        "Tries which forms of the option arrive at a registered host, and come back from it.",
        "pdm6 path 2001:db8::2 --config /etc/pdm6/agent.json",
        """
        The agent of this host tries, with its own keys; the other host's agent answers.
        Ends with 0 if every form that pdm6 makes arrives in both directions, with 1 if one does not,
        and with 2 if that could not be found out.
        """)
    {
        Argument<string> host = new("HOST") { Description = "Name or IPv6 address of a host with an agent." };
        Option<bool> json = new("--json") { Description = "Print JSON." };
        Add(host);
        AgentSocketOptions agent = new(this);
        Add(json);
        SetAction(async (parsed, stop) =>
        {
            string name = parsed.GetValue(host)!;
            ProbeTarget target = (await TargetNames.ResolveAsync([(name, name)], 0, null, stop).ConfigureAwait(false))[0];
            PathSurvey survey = await PathSurvey.AskAsync(agent.Path(parsed), target.Address, stop).ConfigureAwait(false);
            TextWriter output = parsed.InvocationConfiguration.Output;
            if (parsed.GetValue(json))
                await output.WriteLineAsync(Encoding.UTF8.GetString(survey.ToJson())).ConfigureAwait(false);
            else if (survey.Trouble.Length > 0)
                throw new WrongUseException(survey.Trouble);
            else
                await output.WriteAsync(PathText.Of(survey)).ConfigureAwait(false);
            return survey.Trouble.Length > 0 ? ExitCode.WrongUse : survey.IsClear ? ExitCode.Success : ExitCode.Failure;
        });
    }
}
