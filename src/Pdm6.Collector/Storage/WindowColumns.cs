using System.Text.Json;
using Microsoft.Data.Sqlite;
using Pdm6.Collector.Windows;
using Pdm6.Measurement;

namespace Pdm6.Collector.Storage;

/// <summary>A group's numbers as columns of the table "windows" and back.</summary>
internal static class WindowColumns
{
    /// <summary>The columns behind the key, in the order of <see cref="Read"/>.</summary>
    public const string Names =
        "packets, opened, authentication_failed, lost, duplicated, reordered, ambiguous, late, selected, sealed, sent_clear, "
        + "hops, left_alone, round_trip, server_delay, variation";

    private static readonly GroupCounter[] _counters = Enum.GetValues<GroupCounter>();
    private static readonly string[] _parameters = [.. Names.Split(", ").Select(name => "@" + name)];

    /// <summary>One parameter for each column.</summary>
    public static string Parameters => string.Join(", ", _parameters);

    /// <summary>Adds the parameters to a command, without values.</summary>
    public static void Declare(SqliteCommand command)
    {
        foreach (string parameter in _parameters)
            command.Parameters.Add(new SqliteParameter { ParameterName = parameter });
    }

    /// <summary>Gives the parameters of a command their values.</summary>
    public static void Write(SqliteCommand command, GroupNumbers numbers)
    {
        foreach (GroupCounter counter in _counters)
            command.Parameters[_parameters[(int)counter]].Value = numbers[counter];
        SortedDictionary<int, long> hops = [];
        foreach ((int passed, long packets) in numbers.Hops)
            hops[passed] = packets;
        command.Parameters["@hops"].Value = JsonSerializer.Serialize(hops, StoreJson.Default.SortedDictionaryInt32Int64);
        command.Parameters["@left_alone"].Value =
            JsonSerializer.Serialize(numbers.LeftAlone, StoreJson.Default.SortedDictionaryStringInt64);
        command.Parameters["@round_trip"].Value = Blob(numbers.RoundTrip);
        command.Parameters["@server_delay"].Value = Blob(numbers.ServerDelay);
        command.Parameters["@variation"].Value = Blob(numbers.Variation);
    }

    /// <summary>Reads the columns of a row, the first of them at <paramref name="column"/>, and adds them.</summary>
    /// <exception cref="InvalidDataException">The store was damaged.</exception>
    public static void Read(SqliteDataReader row, int column, GroupNumbers numbers)
    {
        foreach (GroupCounter counter in _counters)
            numbers[counter] += row.GetInt64(column++);
        try
        {
            foreach ((int passed, long packets) in JsonSerializer.Deserialize(
                row.GetString(column), StoreJson.Default.SortedDictionaryInt32Int64)!)
                numbers.AddHops(passed, packets);
            foreach ((string reason, long packets) in JsonSerializer.Deserialize(
                row.GetString(column + 1), StoreJson.Default.SortedDictionaryStringInt64)!)
                numbers.AddLeftAlone(reason, packets);
        }
        catch (JsonException damaged)
        {
            throw new InvalidDataException("The store holds a window that is not JSON where it should be.", damaged);
        }
        numbers.AddDistributions(Histogram(row, column + 2), Histogram(row, column + 3), Histogram(row, column + 4));
    }

    private static object Blob(LatencyHistogram? histogram) =>
        histogram is null ? DBNull.Value : LatencyHistogramRecord.Write(histogram);

    private static LatencyHistogram? Histogram(SqliteDataReader row, int column)
    {
        if (row.IsDBNull(column))
            return null;
        return LatencyHistogramRecord.TryRead(row.GetFieldValue<byte[]>(column), out LatencyHistogram? histogram)
            ? histogram
            : throw new InvalidDataException("The store holds a distribution that cannot be read.");
    }
}
