using Pdm6.Registration.Contract;
using Pdm6.Security.Announcements;
using Pdm6.Security.Identity;

namespace Pdm6.Registration.Storage;

/// <summary>The announcements of a time that name one participant's keys, expired ones too: for captures.</summary>
internal static class ArchiveReader
{
    private const int MostRows = 500;

    public static ArchivePage Read(SqlSession sql, Fingerprint caller, long fromNs, long toNs, long after)
    {
        List<StoredEnvelope> rows = sql.Query(
            "SELECT DISTINCT r.version, c.der, a.body, a.signature FROM participant_keys k "
            + "JOIN announcement_recipients r ON r.key_id = k.key_id JOIN announcements a ON a.context_id = r.context_id "
            + "JOIN certificates c ON c.hash = a.certificate_hash "
            + "WHERE k.fingerprint = @caller AND r.version > @after AND a.not_after_ns >= @from AND a.issued_ns <= @to "
            + "ORDER BY r.version LIMIT @most",
            row => new StoredEnvelope(row.GetInt64(0), new SignedEnvelope(
                row.GetFieldValue<byte[]>(1), row.GetFieldValue<byte[]>(2), row.GetFieldValue<byte[]>(3))),
            ("caller", caller.ToString()), ("after", after), ("from", fromNs), ("to", toNs), ("most", (long)MostRows));
        int taken = 0;
        for (long size = 0; taken < rows.Count && (taken == 0 || size + rows[taken].Size <= RegistrarLimits.LargestPage); taken++)
            size += rows[taken].Size;
        return new ArchivePage(
            taken == 0 ? after : rows[taken - 1].Version,
            taken < rows.Count || rows.Count == MostRows,
            [.. rows.Take(taken).Select(row => row.Envelope)]);
    }
}
