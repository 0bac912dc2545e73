using System.Text;
using System.Text.Json;
using Pdm6.Agent.Paths;
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

    private static Task<ProgramResult> RunAsync(PathLaboratory laboratory, params string[] arguments) =>
        laboratory.Measured.Hosts.Client.Inside(Pdm6Program.Command(
            ["path", .. arguments, "--socket", laboratory.Measured.Client.StatusSocket])).RunAsync();
}
