using System.Text;
using System.Text.Json;

namespace Pdm6.Probe.Reports;

/// <summary>Writes JSON to a text writer.</summary>
internal static class JsonText
{
    private static readonly JsonWriterOptions s_indented = new() { Indented = true };

    /// <summary>One value over several lines.</summary>
    internal static void WriteIndented(TextWriter output, Action<Utf8JsonWriter> write) => Write(output, s_indented, write);

    /// <summary>One value on one line.</summary>
    internal static void WriteLine(TextWriter output, Action<Utf8JsonWriter> write) => Write(output, default, write);

    /// <summary>One object for one target, an array of them for several.</summary>
    internal static void WriteOneOrMany(
        TextWriter output, IReadOnlyList<ProbeSummary> summaries, Action<Utf8JsonWriter, ProbeSummary> write) =>
        WriteIndented(output, json =>
        {
            if (summaries.Count > 1)
                json.WriteStartArray();
            foreach (ProbeSummary summary in summaries)
                write(json, summary);
            if (summaries.Count > 1)
                json.WriteEndArray();
        });

    /// <summary>A number, or null.</summary>
    internal static void WriteKnown(this Utf8JsonWriter json, string name, long? value)
    {
        if (value is { } known)
            json.WriteNumber(name, known);
        else
            json.WriteNull(name);
    }

    private static void Write(TextWriter output, JsonWriterOptions options, Action<Utf8JsonWriter> write)
    {
        using MemoryStream buffer = new();
        using (Utf8JsonWriter json = new(buffer, options))
            write(json);
        output.WriteLine(Encoding.UTF8.GetString(buffer.GetBuffer(), 0, (int)buffer.Length));
    }
}
