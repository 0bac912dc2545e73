using Pdm6.Security.Identity;

namespace Pdm6.Registration.Storage;

/// <summary>Statements about announcements.</summary>
internal static class AnnouncementTable
{
    /// <summary>Adds it, or puts it in the place of an older one of the same context.</summary>
    public static void Put(SqlSession sql, StoredAnnouncement announcement)
    {
        (string, object) context = ("context", announcement.ContextId);
        sql.Execute(
            "INSERT INTO announcements (context_id, version, fingerprint, issued_ns, not_after_ns, certificate_hash, body, signature) "
            + "VALUES (@context, @version, @sender, @issued, @end, @hash, @body, @signature) "
            + "ON CONFLICT (context_id) DO UPDATE SET version = excluded.version, issued_ns = excluded.issued_ns, "
            + "not_after_ns = excluded.not_after_ns, certificate_hash = excluded.certificate_hash, body = excluded.body, "
            + "signature = excluded.signature",
            context, ("version", announcement.Version), ("sender", announcement.Sender.ToString()),
            ("issued", announcement.IssuedNs), ("end", announcement.NotAfterNs), ("hash", announcement.CertificateHash),
            ("body", announcement.Envelope.Body), ("signature", announcement.Envelope.Signature));
        sql.Execute("DELETE FROM announcement_addresses WHERE context_id = @context", context);
        sql.Execute("DELETE FROM announcement_recipients WHERE context_id = @context", context);
        foreach (byte[] address in announcement.Addresses)
            sql.Execute(
                "INSERT INTO announcement_addresses (address, context_id) VALUES (@address, @context)", ("address", address), context);
        foreach (string keyId in announcement.Recipients.Distinct(StringComparer.Ordinal))
            sql.Execute(
                "INSERT INTO announcement_recipients (key_id, version, context_id) VALUES (@key, @version, @context)",
                ("key", keyId), ("version", announcement.Version), context);
        // Who was granted something of the context before hears of the change.
        sql.Execute(
            "UPDATE granted_contexts SET version = @version WHERE context_id = @context", ("version", announcement.Version), context);
    }

    /// <summary>The version under which just this announcement is known; null if it is not.</summary>
    public static long? VersionOf(SqlSession sql, string contextId, byte[] body) => sql.Number(
        "SELECT version FROM announcements WHERE context_id = @context AND body = @body", ("context", contextId), ("body", body));

    /// <summary>True if another sender has the context.</summary>
    public static bool IsOfAnother(SqlSession sql, string contextId, Fingerprint sender) => sql.Any(
        "SELECT 1 FROM announcements WHERE context_id = @context AND fingerprint <> @sender",
        ("context", contextId), ("sender", sender.ToString()));

    /// <summary>When a context of the sender ends, Unix nanoseconds; null if it announced no such context.</summary>
    public static long? EndOf(SqlSession sql, string contextId, Fingerprint sender) => sql.Number(
        "SELECT not_after_ns FROM announcements WHERE context_id = @context AND fingerprint = @sender",
        ("context", contextId), ("sender", sender.ToString()));

    /// <summary>True if the context was announced with this address.</summary>
    public static bool HasAddress(SqlSession sql, string contextId, byte[] address) => sql.Any(
        "SELECT 1 FROM announcement_addresses WHERE context_id = @context AND address = @address",
        ("context", contextId), ("address", address));

    /// <summary>The name of another endpoint that the address is live at; null if there is none.</summary>
    public static string? NameOfOther(SqlSession sql, byte[] address, Fingerprint sender, long nowNs) => sql.First(
        "SELECT p.name FROM announcement_addresses d JOIN announcements a ON a.context_id = d.context_id "
        + "JOIN participants p ON p.fingerprint = a.fingerprint "
        + "WHERE d.address = @address AND a.fingerprint <> @sender AND a.not_after_ns > @now AND p.state = 'active'",
        row => row.GetString(0), ("address", address), ("sender", sender.ToString()), ("now", nowNs));

    /// <summary>Removes what ended before an instant, and its grants.</summary>
    public static int RemoveEndedBefore(SqlSession sql, long beforeNs) =>
        sql.Execute("DELETE FROM announcements WHERE not_after_ns < @before", ("before", beforeNs));
}
