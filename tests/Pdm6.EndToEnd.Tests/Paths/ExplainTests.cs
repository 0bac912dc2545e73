using System.Text;
using System.Text.Json;
using Pdm6.Agent.Paths;
using Pdm6.Lab;

namespace Pdm6.EndToEnd.Tests.Paths;

/// <summary><c>pdm6 agent policy explain</c> on a running agent says what becomes of packets, and it becomes of them.</summary>
public class ExplainTests
{
    [RootFact]
    public async Task Explain_RouterBeginsToDropHeaders_SaysWhatCarriesTheFlowThen()
    {
        await using PathLaboratory laboratory = await PathLaboratory.StartAsync();

        Assert.Equal(("destopt-v2", true, ""), await ExplainAsync(laboratory, Applications.Tcp));
        Assert.Equal(("destopt-v2", true, ""), await ExplainAsync(laboratory, Applications.Udp));

        laboratory.Measured.Drop(UnwantedPackets.DestinationOptions, UnwantedPackets.None);
        await laboratory.UntilAsync(laboratory.Measured.Client, paths => paths.FallenBack == 1, "the client's agent does not notice");

        Assert.Equal((null, true, nameof(PathForm.Header48)), await ExplainAsync(laboratory, Applications.Tcp));
        Assert.Equal(("udp-option", true, nameof(PathForm.Header48)), await ExplainAsync(laboratory, Applications.Udp));
        ProgramResult stranger = await RunAsync(laboratory, "udp", $"[{LaboratoryAddresses.Client}]:40000", $"[2001:db8:99::1]:{Applications.PortOf(Applications.Udp)}");
        Assert.Contains("key:  none", stranger.Output, StringComparison.Ordinal);
        Assert.Contains("now:  left alone: the pair has no key (no-key): nobody is known to have registered 2001:db8:99::1", stranger.Output, StringComparison.Ordinal);
    }

    private static async Task<(string? Carriage, bool HasKey, string Lost)> ExplainAsync(PathLaboratory laboratory, string protocol)
    {
        ProgramResult result = await RunAsync(
            laboratory, protocol, $"[{LaboratoryAddresses.Client}]:40000", $"[{LaboratoryAddresses.Server}]:{Applications.PortOf(protocol)}", "--json");
        Assert.True(result.ExitCode == 0, result.Errors);
        JsonElement answer = JsonDocument.Parse(Encoding.UTF8.GetBytes(result.Output)).RootElement;
        return (
            answer.GetProperty("carriage").GetString(), answer.GetProperty("hasKey").GetBoolean(),
            string.Join(' ', answer.GetProperty("lostForms").EnumerateArray().Select(form => form.GetString())));
    }

    private static Task<ProgramResult> RunAsync(PathLaboratory laboratory, params string[] arguments) =>
        laboratory.Measured.Hosts.Client.Inside(Pdm6Program.Command(
            ["agent", "policy", "explain", .. arguments, "--socket", laboratory.Measured.Client.StatusSocket])).RunAsync();
}
