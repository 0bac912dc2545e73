namespace Pdm6.Registration.Storage;

/// <summary>Reads the audit log.</summary>
internal static class AuditTable
{
    /// <summary>Entries after an id, oldest first.</summary>
    public static List<AuditEntry> After(SqlSession sql, long id, int most) => sql.Query(
        "SELECT id, time_ns, actor, action, subject, prefixes, reason FROM audit WHERE id > @id ORDER BY id LIMIT @most",
        row => new AuditEntry(
            row.GetInt64(0), row.GetInt64(1), row.GetString(2), row.GetString(3), row.GetString(4), row.GetString(5), row.GetString(6)),
        ("id", id), ("most", (long)most));
}
