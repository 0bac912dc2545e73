namespace Pdm6.Registration.Storage;

/// <summary>A participant was revoked.</summary>
/// <param name="Version">Of the feeds that say so.</param>
/// <param name="Fingerprint">Of its identity key, in text.</param>
internal readonly record struct Revocation(long Version, string Fingerprint)
{
    /// <summary>Those after a version, in their order, whose certificates would still be good; the others are refused
    /// anyway.</summary>
    public static List<Revocation> Read(SqlSession sql, long after, long upTo, long nowNs) => sql.Query(
        "SELECT p.version, p.fingerprint FROM participants p JOIN certificates c ON c.hash = p.certificate_hash "
        + "WHERE p.state = 'revoked' AND p.version > @after AND p.version <= @upto AND c.not_after_ns > @now ORDER BY p.version",
        row => new Revocation(row.GetInt64(0), row.GetString(1)), ("after", after), ("upto", upTo), ("now", nowNs));
}
