using System.Text.Json;
using Microsoft.Data.Sqlite;
using Pdm6.Collector.Secrets;
using Pdm6.Collector.Windows;
using Pdm6.Export;
using Pdm6.Security;

namespace Pdm6.Collector.Storage;

/// <summary>The writer's statements, prepared once.</summary>
internal sealed class StoreCommands : IDisposable
{
    private readonly SqliteConnection _connection;
    private readonly List<SqliteCommand> _all = [];
    private readonly SqliteCommand _addGroup, _readWindow, _putWindow, _putCounter, _putAgent, _putAnnouncement;
    private readonly SqliteCommand _removeWindows, _removeAgents, _removeAnnouncements, _putEnvelope, _removeEnvelopes;

    public StoreCommands(SqliteConnection connection)
    {
        _connection = connection;
        // The update changes nothing; it makes the statement return the row that was there.
        _addGroup = Make(
            "INSERT INTO groups (name) VALUES (@name) ON CONFLICT (name) DO UPDATE SET name = name RETURNING id", "@name");
        _readWindow = Make(
            $"SELECT {WindowColumns.Names} FROM windows WHERE length = @length AND second = @second AND group_id = @group",
            "@length", "@second", "@group");
        _putWindow = Make(
            $"INSERT OR REPLACE INTO windows (length, second, group_id, {WindowColumns.Names}) "
            + $"VALUES (@length, @second, @group, {WindowColumns.Parameters})", "@length", "@second", "@group");
        WindowColumns.Declare(_putWindow);
        _putCounter = Make("INSERT OR REPLACE INTO run (counter, value) VALUES (@counter, @value)", "@counter", "@value");
        _putAgent = Make(
            "INSERT OR REPLACE INTO agents (incarnation, last_seen_ns, observations, description, report, batches) "
            + "VALUES (@incarnation, @seen, @observations, @description, @report, @batches)",
            "@incarnation", "@seen", "@observations", "@description", "@report", "@batches");
        _putAnnouncement = Make(
            "INSERT OR REPLACE INTO announcements (context, not_after_ns, announcement) VALUES (@context, @after, @json)",
            "@context", "@after", "@json");
        _removeWindows = Make("DELETE FROM windows WHERE length = @length AND second < @before", "@length", "@before");
        _removeAgents = Make("DELETE FROM agents WHERE last_seen_ns < @before", "@before");
        _putEnvelope = Make(
            "INSERT OR REPLACE INTO envelopes (context, not_after_ns, envelope) VALUES (@context, @after, @json)",
            "@context", "@after", "@json");
        _removeEnvelopes = Make("DELETE FROM envelopes WHERE not_after_ns < @before", "@before");
        _removeAnnouncements = Make("DELETE FROM announcements WHERE not_after_ns < @before", "@before");
    }

    public void Dispose()
    {
        foreach (SqliteCommand command in _all)
            command.Dispose();
    }

    /// <summary>Runs what follows inside a transaction.</summary>
    public void Within(SqliteTransaction transaction)
    {
        foreach (SqliteCommand command in _all)
            command.Transaction = transaction;
    }

    public long GroupId(string name)
    {
        Set(_addGroup, name);
        return (long)_addGroup.ExecuteScalar()!;
    }

    /// <summary>Adds numbers to a window, which may not be there yet.</summary>
    public void AddTo(int length, long second, long group, GroupNumbers numbers)
    {
        GroupNumbers sum = new();
        sum.Add(numbers);
        Set(_readWindow, length, second, group);
        using (SqliteDataReader row = _readWindow.ExecuteReader())
            if (row.Read())
                WindowColumns.Read(row, 0, sum);
        Set(_putWindow, length, second, group);
        WindowColumns.Write(_putWindow, sum);
        _putWindow.ExecuteNonQuery();
    }

    public void PutCounter(string counter, long value) => Run(_putCounter, counter, value);

    public void PutAgent(StoredAgent agent) => Run(
        _putAgent,
        agent.Description.IncarnationId.ToString(),
        (long)agent.LastSeenUnixNs,
        agent.Observations,
        JsonSerializer.Serialize(agent.Description, ExportJson.Default.AgentDescription),
        agent.Report is null
            ? DBNull.Value
            : JsonSerializer.Serialize(agent.Report with { Sent = [] }, ExportJson.Default.CounterReport),
        JsonSerializer.Serialize(
            [.. agent.Batches.Select(range => new[] { range.First, range.Last })], StoreJson.Default.UInt64ArrayArray));

    public void PutAnnouncement(Announcement announcement) => Run(
        _putAnnouncement,
        announcement.ContextId.ToString(),
        (long)Math.Min(announcement.NotAfterUnixNs, long.MaxValue),
        JsonSerializer.Serialize(announcement, AnnouncementJson.Default.Announcement));

    public void PutEnvelope(SealedContext context) => Run(
        _putEnvelope,
        context.Announcement.ContextId.ToString(),
        (long)Math.Min(context.Announcement.NotAfterUnixNs, long.MaxValue),
        context.Envelope);

    public void RemoveWindows(int length, long beforeSecond) => Run(_removeWindows, length, beforeSecond);

    public void RemoveAgents(long beforeNs) => Run(_removeAgents, beforeNs);

    public void RemoveAnnouncements(long beforeNs)
    {
        Run(_removeAnnouncements, beforeNs);
        Run(_removeEnvelopes, beforeNs);
    }

    private SqliteCommand Make(string sql, params ReadOnlySpan<string> parameters)
    {
        SqliteCommand command = _connection.CreateCommand();
#pragma warning disable CA2100 // Every text is made of constants above.
        command.CommandText = sql;
#pragma warning restore CA2100
        foreach (string parameter in parameters)
            command.Parameters.Add(new SqliteParameter { ParameterName = parameter });
        _all.Add(command);
        return command;
    }

    private static void Set(SqliteCommand command, params ReadOnlySpan<object> values)
    {
        for (int i = 0; i < values.Length; i++)
            command.Parameters[i].Value = values[i];
    }

    private static void Run(SqliteCommand command, params ReadOnlySpan<object> values)
    {
        Set(command, values);
        command.ExecuteNonQuery();
    }
}
