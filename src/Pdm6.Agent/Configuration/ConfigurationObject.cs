using System.Text.Json;

namespace Pdm6.Agent.Configuration;

/// <summary>One JSON object of the configuration, read setting by setting, so that every error names its place and
/// says what to write.</summary>
internal sealed class ConfigurationObject
{
    private readonly Dictionary<string, JsonElement> _settings = [];
    private readonly string _place;

    /// <param name="element">The object.</param>
    /// <param name="place">Where it is, for people: "" for the whole file.</param>
    /// <param name="known">The settings that there are.</param>
    internal ConfigurationObject(JsonElement element, string place, IReadOnlyList<string> known)
    {
        _place = place;
        if (element.ValueKind != JsonValueKind.Object)
            throw new AgentException($"{(place.Length == 0 ? "the configuration" : place)} must be an object in braces");
        foreach (JsonProperty setting in element.EnumerateObject())
        {
            if (!known.Contains(setting.Name))
                throw new AgentException(
                    $"{Name(setting.Name)} is not a setting; did you mean \"{NearestName.Of(setting.Name, known)}\"?");
            _settings.Add(setting.Name, setting.Value);
        }
    }

    internal string Name(string setting) => _place.Length == 0 ? $"\"{setting}\"" : $"{_place}: \"{setting}\"";

    internal bool Has(string setting) => _settings.ContainsKey(setting);

    internal string RequiredText(string setting, string example) =>
        OptionalText(setting) ?? throw new AgentException($"{Name(setting)} is missing; write for example \"{setting}\": {example}");

    internal string? OptionalText(string setting) =>
        !_settings.TryGetValue(setting, out JsonElement value) ? null
        : value.ValueKind == JsonValueKind.String && value.GetString() is { Length: > 0 } text ? text
        : throw new AgentException($"{Name(setting)} must be a text in quotes that is not empty");

    internal int Number(string setting, int fallback, int least, int most) =>
        !_settings.TryGetValue(setting, out JsonElement value) ? fallback
        : value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out int number) && number >= least && number <= most ? number
        : throw new AgentException($"{Name(setting)} must be a whole number from {least} to {most}");

    internal bool Flag(string setting, bool fallback) =>
        !_settings.TryGetValue(setting, out JsonElement value) ? fallback
        : value.ValueKind is JsonValueKind.True or JsonValueKind.False ? value.GetBoolean()
        : throw new AgentException($"{Name(setting)} must be true or false");

    /// <summary>The elements of a list, each turned into a value; null if the setting is left out.</summary>
    internal IReadOnlyList<T>? OptionalList<T>(string setting, Func<JsonElement, T> read, bool mayBeEmpty = false)
    {
        if (!_settings.TryGetValue(setting, out JsonElement value))
            return null;
        if (value.ValueKind != JsonValueKind.Array || value.GetArrayLength() == 0 && !mayBeEmpty)
            throw new AgentException($"{Name(setting)} must be a list in brackets{(mayBeEmpty ? "" : " that is not empty")}");
        return [.. value.EnumerateArray().Select(read)];
    }

    internal IReadOnlyList<T> RequiredList<T>(string setting, string example, Func<JsonElement, T> read) =>
        OptionalList(setting, read) ?? throw new AgentException($"{Name(setting)} is missing; write for example \"{setting}\": {example}");

    /// <summary>Tries to read the text of an element as something else; the error shows the text and what was wanted.</summary>
    internal delegate bool TryParse<T>(ReadOnlySpan<char> text, out T value);

    internal T Parsed<T>(string setting, JsonElement element, TryParse<T> parse, string wanted) =>
        element.ValueKind == JsonValueKind.String && parse(element.GetString(), out T value)
            ? value
            : throw new AgentException($"{Name(setting)}: {element.GetRawText()} is not {wanted}");
}
