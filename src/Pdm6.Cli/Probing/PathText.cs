using System.Globalization;
using System.Text;
using Pdm6.Agent.Paths;

namespace Pdm6.Cli.Probing;

/// <summary>A <see cref="PathSurvey"/> for people.</summary>
internal static class PathText
{
    internal static string Of(PathSurvey survey)
    {
        StringBuilder text = new();
        text.AppendLine(CultureInfo.InvariantCulture, $"{survey.Source} -> {survey.Destination}, each form {survey.Asked} times");
        text.AppendLine(CultureInfo.InvariantCulture, $"{"on the packet",-44}  {"carriage",-16}  {"arrived",7}  {"came back",9}");
        foreach (PathSurveyRow row in survey.Forms)
            text.AppendLine(CultureInfo.InvariantCulture, $"{Describe(row),-44}  {(row.Carriage.Length > 0 ? row.Carriage : "-"),-16}  {row.Arrived,7}  {row.CameBack,9}");
        text.AppendLine(Meaning(survey));
        return text.ToString();
    }

    private static string Describe(PathSurveyRow row) => row.Form switch
    {
        nameof(PathForm.Plain) => "nothing",
        nameof(PathForm.UdpOption) or nameof(PathForm.UdpOptionClear) => $"{row.Octets} octets behind a UDP datagram",
        _ => $"Destination Options header of {row.Octets} octets",
    };

    private static string Meaning(PathSurvey survey)
    {
        if (survey.IsClear)
            return "Every form arrives: nothing to do.";
        bool headers = Arrives(survey, PathForm.Header48), surplus = Arrives(survey, PathForm.UdpOption);
        return (headers, surplus) switch
        {
            (true, true) => "Sealed options arrive in both directions; what does not is made by rules with other carriages only.",
            (true, false) => "UDP options are dropped or cut off on the way: use destopt-v2 here. An agent that has a udp-option rule leaves these packets alone by itself.",
            (false, true) => "Destination Options headers are dropped or taken off on the way. Agents measure UDP with udp-option instead and leave the rest alone; if they "
                + "all should, ask whoever runs the routers between to let them pass, or write udp-option rules.",
            (false, false) => "Neither form of sealed option survives the way: agents leave all packets to this host alone.",
        };
    }

    private static bool Arrives(PathSurvey survey, PathForm form) =>
        survey.Forms.Any(row => row.Form == form.ToString() && row.Arrived > 0 && row.CameBack > 0);
}
