using System.Data.Common;
using Pdm6.Registration.Contract;
using Pdm6.Security.Announcements;
using Pdm6.Security.Identity;

namespace Pdm6.Registration.Storage;

/// <summary>Statements about the keys that participants signed for.</summary>
internal static class KeyBundleTable
{
    private const string Keys =
        "SELECT c.der, b.der, p.bundle_body, p.bundle_signature FROM participants p "
        + "JOIN certificates c ON c.hash = p.certificate_hash LEFT JOIN certificates b ON b.hash = p.bundle_certificate_hash";

    /// <summary>Replaces the bundle. The keys of older bundles stay the participant's.</summary>
    public static void Set(
        SqlSession sql, Fingerprint participant, long sequence, string certificateHash, SignedEnvelope envelope,
        IEnumerable<string> keyIds)
    {
        sql.Execute(
            "UPDATE participants SET bundle_sequence = @sequence, bundle_certificate_hash = @hash, bundle_body = @body, "
            + "bundle_signature = @signature WHERE fingerprint = @fingerprint",
            ("sequence", sequence), ("hash", certificateHash), ("body", envelope.Body), ("signature", envelope.Signature),
            ("fingerprint", participant.ToString()));
        foreach (string keyId in keyIds)
            sql.Execute(
                "INSERT INTO participant_keys (fingerprint, key_id) VALUES (@fingerprint, @key) ON CONFLICT DO NOTHING",
                ("fingerprint", participant.ToString()), ("key", keyId));
    }

    /// <summary>True if the participant's newest bundle is just this one.</summary>
    public static bool IsNewest(SqlSession sql, Fingerprint participant, byte[] body) => sql.Any(
        "SELECT 1 FROM participants WHERE fingerprint = @fingerprint AND bundle_body = @body",
        ("fingerprint", participant.ToString()), ("body", body));

    /// <summary>True if anybody else ever signed for the key, revoked or not.</summary>
    public static bool IsOfAnother(SqlSession sql, Fingerprint participant, string keyId) => sql.Any(
        "SELECT 1 FROM participant_keys WHERE key_id = @key AND fingerprint <> @fingerprint",
        ("key", keyId), ("fingerprint", participant.ToString()));

    /// <summary>True if somebody of this role who is not revoked signed for the key.</summary>
    public static bool IsHeld(SqlSession sql, string keyId, Role role) => sql.Any(
        "SELECT 1 FROM participant_keys k JOIN participants p ON p.fingerprint = k.fingerprint "
        + "WHERE k.key_id = @key AND p.role = @role AND p.state = 'active'",
        ("key", keyId), ("role", RoleText.Of(role)));

    /// <summary>The analyzers that are not revoked, by name.</summary>
    public static List<ParticipantKeys> OfAnalyzers(SqlSession sql) =>
        sql.Query($"{Keys} WHERE p.role = 'analyzer' AND p.state = 'active' ORDER BY p.name", Read);

    /// <summary>The endpoint whose newest live announcement names the address.</summary>
    public static ParticipantKeys? OfOwner(SqlSession sql, byte[] address, long nowNs) => sql.First(
        $"{Keys} JOIN announcements a ON a.fingerprint = p.fingerprint JOIN announcement_addresses d ON d.context_id = a.context_id "
        + "WHERE d.address = @address AND a.not_after_ns > @now AND p.state = 'active' ORDER BY a.version DESC",
        Read, ("address", address), ("now", nowNs));

    private static ParticipantKeys Read(DbDataReader row) => new(
        row.GetFieldValue<byte[]>(0),
        row.IsDBNull(1)
            ? null
            : new SignedEnvelope(row.GetFieldValue<byte[]>(1), row.GetFieldValue<byte[]>(2), row.GetFieldValue<byte[]>(3)));
}
