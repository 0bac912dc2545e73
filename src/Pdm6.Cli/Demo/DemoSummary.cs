using System.Text.Json;

namespace Pdm6.Cli.Demo;

/// <summary>The file <c>summary.json</c>: every number of it can be counted again from the captures and the key.</summary>
internal static class DemoSummary
{
    private static readonly JsonSerializerOptions s_json = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    internal static void Write(string path, DemoEnding ending) => File.WriteAllBytes(path, JsonSerializer.SerializeToUtf8Bytes(
        new
        {
            Groups = ending.Readings.Groups.Where(group => DemoServices.IsNamed(group.Name)).Select(group => new
            {
                group.Name,
                group.Selected,
                group.Sealed,
                group.LeftAlone,
                group.Lost,
                group.RoundTripNs,
                group.ServerDelayNs,
            }),
            Wire = new { ending.Wire.Sealed, ending.Wire.Clear },
            ending.Readings.Totals.Opened,
            ending.Readings.Totals.AuthenticationFailed,
            ending.ApplicationErrors,
        },
        s_json));
}
