using System.Text.Json;
using Microsoft.Data.Sqlite;
using Pdm6.Collector.Probes;
using Pdm6.Collector.Secrets;
using Pdm6.Collector.Windows;
using Pdm6.Export;
using Pdm6.Security;

namespace Pdm6.Collector.Storage;

/// <summary>
/// What the collector remembers. One writer commits changes; any thread may read. See <c>schema.sql</c>.
/// </summary>
internal sealed class Store : IDisposable
{
    private readonly StoreFile _file;
    private readonly StoreCommands _commands;
    private readonly ProbeTables _probes;
    private readonly TimeSpan _retention;

    private Store(StoreFile file, TimeSpan retention)
    {
        _file = file;
        _commands = new StoreCommands(file.Writer);
        _probes = new ProbeTables(file.Writer);
        _retention = retention;
    }

    /// <exception cref="CollectorConfigurationException">The file cannot be used; the line says what to do.</exception>
    public static Store Open(string path, TimeSpan retention) => new(StoreFile.Open(path), retention);

    public void Dispose()
    {
        _commands.Dispose();
        _file.Dispose();
    }

    /// <summary>Stores a change. Called by one thread at a time.</summary>
    /// <exception cref="SqliteException">Nothing was stored; it may be tried again.</exception>
    public void Commit(StoreChange change)
    {
        if (!_file.IsShared)
        {
            CommitNow(change);
            return;
        }
        lock (_file.ReaderLock)
            CommitNow(change);
    }

    /// <summary>Removes windows, agents, announcements and rounds of probing that are old enough.</summary>
    /// <exception cref="SqliteException">Nothing was removed; it may be tried again.</exception>
    public void Expire(ulong nowUnixNs)
    {
        if (!_file.IsShared)
        {
            ExpireNow(nowUnixNs);
            return;
        }
        lock (_file.ReaderLock)
            ExpireNow(nowUnixNs);
    }

    /// <summary>Everything that the collector needs to go on after a restart.</summary>
    /// <exception cref="InvalidDataException">The store was damaged.</exception>
    public StoredRun Load()
    {
        lock (_file.ReaderLock)
        {
            Dictionary<string, GroupNumbers> totals = ReadWindowsNow(WindowLength.WholeRun, 0, 0, null)
                .ToDictionary(window => window.Group, window => window.Numbers, StringComparer.Ordinal);
            return new StoredRun(totals, LoadCounters(), LoadAgents());
        }
    }

    /// <summary>The windows of one length that begin in a stretch of time, oldest first.</summary>
    /// <param name="length">One of <see cref="WindowLength.Seconds"/>.</param>
    /// <param name="firstSecond">Where the first may begin.</param>
    /// <param name="lastSecond">Where the last may begin.</param>
    /// <param name="group">One group, or null for all.</param>
    /// <exception cref="InvalidDataException">The store was damaged.</exception>
    public List<GroupWindow> ReadWindows(int length, long firstSecond, long lastSecond, string? group)
    {
        lock (_file.ReaderLock)
            return ReadWindowsNow(length, firstSecond, lastSecond, group);
    }

    /// <summary>Every announcement that is kept, as JSON, newest last.</summary>
    public IReadOnlyList<string> ReadAnnouncements() =>
        ReadTexts("SELECT announcement FROM announcements ORDER BY not_after_ns, context");

    /// <summary>Every envelope that is kept, as JSON, newest last.</summary>
    public IReadOnlyList<string> ReadEnvelopes() => ReadTexts("SELECT envelope FROM envelopes ORDER BY not_after_ns, context");

    private List<string> ReadTexts(string query)
    {
        lock (_file.ReaderLock)
        {
            using SqliteCommand command = _file.Reader.CreateCommand();
#pragma warning disable CA2100 // The texts are constants.
            command.CommandText = query;
#pragma warning restore CA2100
            using SqliteDataReader rows = command.ExecuteReader();
            List<string> found = [];
            while (rows.Read())
                found.Add(rows.GetString(0));
            return found;
        }
    }

    /// <summary>Every pair of prober and target, the longest known first.</summary>
    /// <exception cref="InvalidDataException">The store was damaged.</exception>
    public IReadOnlyList<StoredPair> ReadProbePairs()
    {
        lock (_file.ReaderLock)
            return ProbeTables.ReadPairs(_file.Reader);
    }

    /// <summary>The rounds of probing that came since an instant, newest first.</summary>
    /// <exception cref="InvalidDataException">The store was damaged.</exception>
    public IReadOnlyList<StoredRound> ReadProbeRounds(ulong sinceUnixNs, long limit)
    {
        lock (_file.ReaderLock)
            return ProbeTables.ReadRounds(_file.Reader, sinceUnixNs, limit);
    }

    private void CommitNow(StoreChange change)
    {
        using SqliteTransaction transaction = _file.Writer.BeginTransaction();
        _commands.Within(transaction);
        foreach (IGrouping<string, GroupWindow> group in change.Windows.GroupBy(window => window.Group, StringComparer.Ordinal))
        {
            long id = _commands.GroupId(group.Key);
            GroupNumbers whole = new();
            foreach (GroupWindow window in group)
                whole.Add(window.Numbers);
            _commands.AddTo(WindowLength.WholeRun, 0, id, whole);
            foreach (int length in WindowLength.Seconds)
                foreach (IGrouping<long, GroupWindow> slot in group.GroupBy(window => window.Second - window.Second % length))
                    _commands.AddTo(length, slot.Key, id, Sum(slot));
        }
        foreach (RunCounter counter in Enum.GetValues<RunCounter>())
            _commands.PutCounter(counter.ToString(), change.Counters[counter]);
        foreach (StoredAgent agent in change.Agents)
            _commands.PutAgent(agent);
        foreach (Announcement announcement in change.Announcements)
            _commands.PutAnnouncement(announcement);
        foreach (ReceivedRound round in change.Probes)
            _probes.Put(round, transaction);
        foreach (SealedContext context in change.Sealed)
            _commands.PutEnvelope(context);
        transaction.Commit();
    }

    private static GroupNumbers Sum(IEnumerable<GroupWindow> windows)
    {
        GroupNumbers sum = new();
        foreach (GroupWindow window in windows)
            sum.Add(window.Numbers);
        return sum;
    }

    private void ExpireNow(ulong nowUnixNs)
    {
        long now = (long)nowUnixNs;
        using SqliteTransaction transaction = _file.Writer.BeginTransaction();
        _commands.Within(transaction);
        foreach (int length in WindowLength.Seconds)
            _commands.RemoveWindows(
                length, (now - Nanoseconds(WindowLength.Kept(length, _retention))) / (long)UnixTime.NanosecondsPerSecond);
        _commands.RemoveAgents(now - Nanoseconds(_retention));
        _commands.RemoveAnnouncements(now - Nanoseconds(_retention));
        _probes.Expire(now - Nanoseconds(_retention), transaction);
        transaction.Commit();
    }

    private List<GroupWindow> ReadWindowsNow(int length, long firstSecond, long lastSecond, string? group)
    {
        using SqliteCommand command = _file.Reader.CreateCommand();
#pragma warning disable CA2100 // The column names are a constant.
        command.CommandText = $"""
            SELECT name, second, {WindowColumns.Names} FROM windows JOIN groups ON groups.id = group_id
            WHERE length = @length AND second BETWEEN @first AND @last AND (@group IS NULL OR name = @group)
            ORDER BY second, name
            """;
#pragma warning restore CA2100
        command.Parameters.AddWithValue("@length", length);
        command.Parameters.AddWithValue("@first", firstSecond);
        command.Parameters.AddWithValue("@last", lastSecond);
        command.Parameters.AddWithValue("@group", (object?)group ?? DBNull.Value);
        using SqliteDataReader rows = command.ExecuteReader();
        List<GroupWindow> windows = [];
        while (rows.Read())
        {
            GroupNumbers numbers = new();
            WindowColumns.Read(rows, 2, numbers);
            windows.Add(new GroupWindow(rows.GetString(0), rows.GetInt64(1), numbers));
        }
        return windows;
    }

    private RunCounters LoadCounters()
    {
        using SqliteCommand command = _file.Reader.CreateCommand();
        command.CommandText = "SELECT counter, value FROM run";
        using SqliteDataReader rows = command.ExecuteReader();
        RunCounters counters = new();
        while (rows.Read())
            if (Enum.TryParse(rows.GetString(0), out RunCounter counter))
                counters[counter] = rows.GetInt64(1);
        return counters;
    }

    private List<StoredAgent> LoadAgents()
    {
        using SqliteCommand command = _file.Reader.CreateCommand();
        command.CommandText = "SELECT last_seen_ns, observations, description, report, batches FROM agents";
        using SqliteDataReader rows = command.ExecuteReader();
        List<StoredAgent> agents = [];
        try
        {
            while (rows.Read())
                agents.Add(new StoredAgent(
                    JsonSerializer.Deserialize(rows.GetString(2), ExportJson.Default.AgentDescription)!,
                    (ulong)rows.GetInt64(0),
                    rows.GetInt64(1),
                    rows.IsDBNull(3) ? null : JsonSerializer.Deserialize(rows.GetString(3), ExportJson.Default.CounterReport),
                    [.. JsonSerializer.Deserialize(rows.GetString(4), StoreJson.Default.UInt64ArrayArray)!
                        .Select(range => (range[0], range[1]))]));
        }
        catch (JsonException damaged)
        {
            throw new InvalidDataException("The store holds an agent that cannot be read.", damaged);
        }
        return agents;
    }

    private static long Nanoseconds(TimeSpan span) => span.Ticks * TimeSpan.NanosecondsPerTick;
}
