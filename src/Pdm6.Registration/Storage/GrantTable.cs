using Pdm6.Security.Announcements;

namespace Pdm6.Registration.Storage;

/// <summary>Statements about grants.</summary>
internal static class GrantTable
{
    /// <summary>Adds a grant, or puts it in the place of an older one of the same pair and recipient.</summary>
    public static void Put(
        SqlSession sql, string contextId, byte[] source, byte[] destination, string keyId, long version, long notAfterNs,
        string certificateHash, SignedEnvelope envelope)
    {
        sql.Execute(
            "INSERT INTO grants (context_id, source, destination, key_id, version, not_after_ns, certificate_hash, body, signature) "
            + "VALUES (@context, @source, @destination, @key, @version, @end, @hash, @body, @signature) "
            + "ON CONFLICT (context_id, source, destination, key_id) DO UPDATE SET version = excluded.version, "
            + "not_after_ns = excluded.not_after_ns, certificate_hash = excluded.certificate_hash, body = excluded.body, "
            + "signature = excluded.signature",
            ("context", contextId), ("source", source), ("destination", destination), ("key", keyId), ("version", version),
            ("end", notAfterNs), ("hash", certificateHash), ("body", envelope.Body), ("signature", envelope.Signature));
        // The version stays that of the first grant: the announcement came with it.
        sql.Execute(
            "INSERT INTO granted_contexts (context_id, key_id, version, not_after_ns) VALUES (@context, @key, @version, @end) "
            + "ON CONFLICT (context_id, key_id) DO UPDATE SET not_after_ns = excluded.not_after_ns",
            ("context", contextId), ("key", keyId), ("version", version), ("end", notAfterNs));
    }

    /// <summary>Removes what ended before an instant.</summary>
    public static void RemoveEndedBefore(SqlSession sql, long beforeNs)
    {
        sql.Execute("DELETE FROM grants WHERE not_after_ns < @before", ("before", beforeNs));
        sql.Execute("DELETE FROM granted_contexts WHERE not_after_ns < @before", ("before", beforeNs));
    }
}
