using System.Text;
using System.Text.Json;
using Pdm6.Agent.Paths;
using Pdm6.EndToEnd.Tests.Registration;
using Pdm6.Lab;

namespace Pdm6.EndToEnd.Tests.Paths;

/// <summary><c>pdm6 path</c>, as an operator uses it.</summary>
public class PathCommandTests
{
    private const string Unknown = "2001:db8:99::99";

    [RootFact]
    public async Task Path_RouterDropsLongHeadersOneWay_SaysWhichFormsArrive()
    {
        await using PathLaboratory laboratory = await PathLaboratory.StartAsync();

        ProgramResult clear = await RunAsync(laboratory, $"{LaboratoryAddresses.Server}");
        laboratory.Measured.Drop(UnwantedPackets.DestinationOptions with { SmallestHeader = 48 }, UnwantedPackets.None);
        ProgramResult dropped = await RunAsync(laboratory, $"{LaboratoryAddresses.Server}", "--json");
        ProgramResult unknown = await RunAsync(laboratory, Unknown);

        Assert.True(clear.ExitCode == 0, $"{clear.Output}{clear.Errors}");
        Assert.Contains("Every form arrives", clear.Output, StringComparison.Ordinal);
        Assert.True(dropped.ExitCode == 1, $"{dropped.Output}{dropped.Errors}");
        Dictionary<string, JsonElement> forms = JsonDocument.Parse(Encoding.UTF8.GetBytes(dropped.Output)).RootElement.GetProperty("forms")
            .EnumerateArray().ToDictionary(row => row.GetProperty("form").GetString()!);
        Assert.Equal(
            [nameof(PathForm.Header48), nameof(PathForm.Header56)],
            forms.Where(row => row.Value.GetProperty("arrived").GetInt32() == 0).Select(row => row.Key));
        Assert.All(forms.Values, row => Assert.NotEqual(0, row.GetProperty("cameBack").GetInt32()));
        Assert.Equal(2, unknown.ExitCode);
        Assert.Contains("nobody has registered", unknown.Errors, StringComparison.Ordinal);
    }

    [RootFact]
    public async Task Path_RegisteredHostsThatSentEachOtherNothing_AsksAfterLookingThemUp()
    {
        await using RegisteredLaboratory laboratory = await RegisteredLaboratory.StartAsync();
        MeasuredLaboratory measured = laboratory.Measured;
        Task keys = measured.StartAgentsAsync(Conversation.Rules);
        foreach (RunningAgent agent in (RunningAgent[])[measured.Client, measured.Server])
            await Poll.UntilAsync(async () => await agent.TryStatusAsync() is not null, () => "an agent does not start");

        ProgramResult toServer = await RunAsync(measured.Hosts.Client, measured.Client, $"{LaboratoryAddresses.Server}");
        ProgramResult toClient = await RunAsync(measured.Hosts.Server, measured.Server, $"{LaboratoryAddresses.Client}");
        ProgramResult unknown = await RunAsync(measured.Hosts.Client, measured.Client, Unknown);

        foreach (ProgramResult result in (ProgramResult[])[toServer, toClient])
        {
            Assert.True(result.ExitCode == 0, $"{result.Output}{result.Errors}");
            Assert.Contains("Every form arrives", result.Output, StringComparison.Ordinal);
        }
        Assert.Equal(2, unknown.ExitCode);
        Assert.Contains("nobody has registered", unknown.Errors, StringComparison.Ordinal);
        await keys; // the questions alone led to keys of both directions
    }

    private static Task<ProgramResult> RunAsync(PathLaboratory laboratory, params string[] arguments) =>
        RunAsync(laboratory.Measured.Hosts.Client, laboratory.Measured.Client, arguments);

    private static Task<ProgramResult> RunAsync(NetworkNamespace host, RunningAgent agent, params string[] arguments) =>
        host.Inside(Pdm6Program.Command(["path", .. arguments, "--socket", agent.StatusSocket])).RunAsync();
}
