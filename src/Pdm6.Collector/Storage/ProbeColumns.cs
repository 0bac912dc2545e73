using Microsoft.Data.Sqlite;
using Pdm6.Collector.Probes;
using Pdm6.Export;
using Pdm6.Measurement;

namespace Pdm6.Collector.Storage;

/// <summary>The numbers of probes as columns of "probe_pairs" and "probe_rounds", and back.</summary>
internal static class ProbeColumns
{
    private static readonly string[] _names =
    [
        "sent", "received", "there_sent", "there_lost", "there_duplicated", "there_reordered",
        "back_sent", "back_lost", "back_duplicated", "back_reordered", "round_trip",
    ];

    /// <summary>The columns, in the order of <see cref="Read"/>.</summary>
    public static string Names { get; } = string.Join(", ", _names);

    /// <summary>One parameter for each column.</summary>
    public static string Parameters { get; } = string.Join(", ", _names.Select(name => "@" + name));

    /// <summary>Each column set to its parameter.</summary>
    public static string Assignments { get; } = string.Join(", ", _names.Select(name => $"{name} = @{name}"));

    /// <summary>How many there are.</summary>
    public static int Count => _names.Length;

    /// <summary>The columns of a table that a query calls by a short name.</summary>
    public static string NamesOf(string table) => string.Join(", ", _names.Select(name => $"{table}.{name}"));

    /// <summary>Adds the parameters to a command, without values.</summary>
    public static void Declare(SqliteCommand command)
    {
        foreach (string name in _names)
            command.Parameters.Add(new SqliteParameter { ParameterName = "@" + name });
    }

    /// <summary>Gives the parameters of a command their values.</summary>
    public static void Write(SqliteCommand command, ProbeNumbers numbers)
    {
        (ProbeDirection there, ProbeDirection back) = (numbers.There, numbers.Back);
        object[] values =
        [
            numbers.Sent, numbers.Received, Known(there.Sent), Known(there.Lost), Known(there.Duplicated), Known(there.Reordered),
            Known(back.Sent), Known(back.Lost), Known(back.Duplicated), Known(back.Reordered), LatencyHistogramRecord.Write(numbers.RoundTrip),
        ];
        for (int i = 0; i < values.Length; i++)
            command.Parameters["@" + _names[i]].Value = values[i];
    }

    /// <summary>Reads the columns of a row, the first of them at <paramref name="column"/>.</summary>
    /// <exception cref="InvalidDataException">The store was damaged.</exception>
    public static ProbeNumbers Read(SqliteDataReader row, int column) => new(
        row.GetInt64(column), row.GetInt64(column + 1), Direction(row, column + 2), Direction(row, column + 6),
        Histogram(row.GetFieldValue<byte[]>(column + 10)));

    /// <summary>Reads what a prober reported; the caller has checked it.</summary>
    public static ProbeNumbers Of(ProbeRound report) =>
        new(report.Sent, report.Received, report.There, report.Back, Histogram(report.RoundTrip));

    private static ProbeDirection Direction(SqliteDataReader row, int column) => new(
        Number(row, column), Number(row, column + 1), Number(row, column + 2), Number(row, column + 3));

    private static long? Number(SqliteDataReader row, int column) => row.IsDBNull(column) ? null : row.GetInt64(column);

    private static object Known(long? value) => value is { } known ? known : DBNull.Value;

    private static LatencyHistogram Histogram(byte[] octets) => LatencyHistogramRecord.TryRead(octets, out LatencyHistogram? histogram)
        ? histogram!
        : throw new InvalidDataException("The store holds the round trips of a probe that cannot be read.");
}
