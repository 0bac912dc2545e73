using System.Text.Json;

namespace Pdm6.Security.Tests;

/// <summary>Test vectors of the folder <c>vectors</c>, as they were copied beside the tests.</summary>
internal static class VectorFile
{
    public static JsonElement Read(string name)
    {
        using JsonDocument document = JsonDocument.Parse(
            File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "vectors", name)));
        return document.RootElement.Clone();
    }

    /// <summary>Every test of a Wycheproof file with the group it stands in, by its number.</summary>
    public static Dictionary<int, (JsonElement Group, JsonElement Test)> ReadWycheproof(string name)
    {
        Dictionary<int, (JsonElement, JsonElement)> tests = [];
        foreach (JsonElement group in Read(name).GetProperty("testGroups").EnumerateArray())
            foreach (JsonElement test in group.GetProperty("tests").EnumerateArray())
                tests.Add(test.GetProperty("tcId").GetInt32(), (group, test));
        return tests;
    }

    public static byte[] Octets(this JsonElement element, string property) =>
        Convert.FromHexString(element.GetProperty(property).GetString()!);

    public static int Number(this JsonElement element, string property) => element.GetProperty(property).GetInt32();

    public static bool IsValid(this JsonElement test) => test.GetProperty("result").GetString() switch
    {
        "valid" => true,
        "invalid" => false,
        string other => throw new InvalidDataException($"Unexpected result '{other}'."),
        null => throw new InvalidDataException("No result."),
    };
}
