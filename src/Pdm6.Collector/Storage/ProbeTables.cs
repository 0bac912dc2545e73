using Microsoft.Data.Sqlite;
using Pdm6.Collector.Probes;
using Pdm6.Wire;

namespace Pdm6.Collector.Storage;

/// <summary>The tables of probes: see <c>probes.sql</c>. The writing half belongs to the one writer.</summary>
internal sealed class ProbeTables(SqliteConnection writer)
{
    /// <summary>The most rounds that are kept, whatever the retention: some 300 MB.</summary>
    private const long MostRounds = 1_000_000;

    /// <summary>Stores a round and adds it to the sums of its pair, unless it is there already.</summary>
    public void Put(ReceivedRound round, SqliteTransaction transaction)
    {
        long pair = PairId(ProbePair.Of(round.Report), transaction);
        ProbeNumbers numbers = ProbeColumns.Of(round.Report);
        using SqliteCommand insert = Command(
            writer, $"""
            INSERT OR IGNORE INTO probe_rounds (pair, received_ns, from_ns, to_ns, {ProbeColumns.Names})
            VALUES (@pair, @seen, @from, @to, {ProbeColumns.Parameters}) RETURNING id
            """,
            ("@pair", pair), ("@seen", (long)round.ReceivedAtUnixNs), ("@from", Instant(round.Report.FromUnixNs)), ("@to", Instant(round.Report.ToUnixNs)));
        insert.Transaction = transaction;
        ProbeColumns.Declare(insert);
        ProbeColumns.Write(insert, numbers);
        if (insert.ExecuteScalar() is not long id)
            return;
        numbers.Add(Sums(pair, transaction));
        using SqliteCommand update = Command(
            writer, $"UPDATE probe_pairs SET rounds = rounds + 1, received_ns = @seen, latest_round = @round, {ProbeColumns.Assignments} WHERE id = @pair",
            ("@pair", pair), ("@seen", (long)round.ReceivedAtUnixNs), ("@round", id));
        update.Transaction = transaction;
        ProbeColumns.Declare(update);
        ProbeColumns.Write(update, numbers);
        update.ExecuteNonQuery();
    }

    /// <summary>Removes what came before an instant, and the oldest of what is too much. A pair keeps its latest round
    /// as long as it is kept itself.</summary>
    public void Expire(long beforeNs, SqliteTransaction transaction)
    {
        using SqliteCommand command = Command(
            writer, """
            DELETE FROM probe_pairs WHERE received_ns < @before;
            DELETE FROM probe_rounds
            WHERE received_ns < max(@before, coalesce((SELECT received_ns FROM probe_rounds ORDER BY received_ns DESC LIMIT 1 OFFSET @most), 0))
              AND id NOT IN (SELECT latest_round FROM probe_pairs);
            """,
            ("@before", beforeNs), ("@most", MostRounds));
        command.Transaction = transaction;
        command.ExecuteNonQuery();
    }

    /// <summary>Every pair, the longest known first.</summary>
    /// <exception cref="InvalidDataException">The store was damaged.</exception>
    public static List<StoredPair> ReadPairs(SqliteConnection reader)
    {
        using SqliteCommand command = Command(
            reader, $"""
            SELECT prober, target, address, rounds, pairs.received_ns, to_ns, {ProbeColumns.NamesOf("pairs")}, {ProbeColumns.NamesOf("latest")}
            FROM probe_pairs pairs JOIN probe_rounds latest ON latest.id = latest_round ORDER BY pairs.id
            """);
        using SqliteDataReader rows = command.ExecuteReader();
        List<StoredPair> pairs = [];
        while (rows.Read())
            pairs.Add(new StoredPair(
                Pair(rows), rows.GetInt64(3), (ulong)rows.GetInt64(4), (ulong)rows.GetInt64(5),
                ProbeColumns.Read(rows, 6), ProbeColumns.Read(rows, 6 + ProbeColumns.Count)));
        return pairs;
    }

    /// <summary>The rounds that came since an instant, newest first.</summary>
    /// <exception cref="InvalidDataException">The store was damaged.</exception>
    public static List<StoredRound> ReadRounds(SqliteConnection reader, ulong sinceUnixNs, long limit)
    {
        using SqliteCommand command = Command(
            reader, $"""
            SELECT prober, target, address, from_ns, to_ns, {ProbeColumns.NamesOf("rounds")}
            FROM probe_rounds rounds JOIN probe_pairs pairs ON pairs.id = rounds.pair
            WHERE rounds.received_ns >= @since ORDER BY rounds.received_ns DESC, rounds.id DESC LIMIT @limit
            """,
            ("@since", Instant(sinceUnixNs)), ("@limit", limit));
        using SqliteDataReader rows = command.ExecuteReader();
        List<StoredRound> rounds = [];
        while (rows.Read())
            rounds.Add(new StoredRound(Pair(rows), (ulong)rows.GetInt64(3), (ulong)rows.GetInt64(4), ProbeColumns.Read(rows, 5)));
        return rounds;
    }

    private long PairId(ProbePair pair, SqliteTransaction transaction)
    {
        // The update changes nothing; it makes the statement return the row that was there.
        using SqliteCommand command = Command(
            writer, $"""
            INSERT INTO probe_pairs (prober, target, address, rounds, received_ns, latest_round, {ProbeColumns.Names})
            VALUES (@prober, @peer, @address, 0, 0, 0, {ProbeColumns.Parameters})
            ON CONFLICT (prober, target, address) DO UPDATE SET prober = prober RETURNING id
            """,
            ("@prober", pair.Prober), ("@peer", pair.Target), ("@address", pair.Address.ToString()));
        command.Transaction = transaction;
        ProbeColumns.Declare(command);
        ProbeColumns.Write(command, new ProbeNumbers());
        return (long)command.ExecuteScalar()!;
    }

    private ProbeNumbers Sums(long pair, SqliteTransaction transaction)
    {
        using SqliteCommand command = Command(writer, $"SELECT {ProbeColumns.Names} FROM probe_pairs WHERE id = @pair", ("@pair", pair));
        command.Transaction = transaction;
        using SqliteDataReader row = command.ExecuteReader();
        return row.Read() ? ProbeColumns.Read(row, 0) : throw new InvalidOperationException("The pair was just stored.");
    }

    private static SqliteCommand Command(SqliteConnection connection, string sql, params ReadOnlySpan<(string Name, object Value)> parameters)
    {
        SqliteCommand command = connection.CreateCommand();
#pragma warning disable CA2100 // Every text is made of constants above.
        command.CommandText = sql;
#pragma warning restore CA2100
        foreach ((string name, object value) in parameters)
            command.Parameters.AddWithValue(name, value);
        return command;
    }

    private static ProbePair Pair(SqliteDataReader row) => new(
        row.GetString(0), row.GetString(1),
        Ipv6Address.TryParse(row.GetString(2), out Ipv6Address address) ? address : throw new InvalidDataException("The store holds a probe of no address."));

    /// <summary>A prober's clock may show anything.</summary>
    private static long Instant(ulong unixNs) => (long)Math.Min(unixNs, long.MaxValue);
}
