using Pdm6.Security.Identity;

namespace Pdm6.Registration.Storage;

/// <summary>What happened after a version, whoever wrote it, and whom it concerns.</summary>
/// <param name="Now">How far the feeds are.</param>
/// <param name="Concerned">The participants whose own feeds have something new.</param>
/// <param name="Revoked">What everybody's feed says.</param>
internal sealed record StoreChanges(
    StoreVersions Now, IReadOnlyList<Fingerprint> Concerned, IReadOnlyList<Revocation> Revoked)
{
    // Holders of keys that an announcement names, that were granted something of its context, or get a grant.
    private const string Holders =
        "SELECT k.fingerprint FROM announcements a JOIN announcement_recipients r ON r.context_id = a.context_id "
        + "JOIN participant_keys k ON k.key_id = r.key_id WHERE a.version > @after AND a.version <= @upto "
        + "UNION SELECT k.fingerprint FROM announcements a JOIN granted_contexts r ON r.context_id = a.context_id "
        + "JOIN participant_keys k ON k.key_id = r.key_id WHERE a.version > @after AND a.version <= @upto "
        + "UNION SELECT k.fingerprint FROM grants g JOIN participant_keys k ON k.key_id = g.key_id "
        + "WHERE g.version > @after AND g.version <= @upto";

    /// <summary>Reads them; a version that the store does not have any more gives none.</summary>
    public static StoreChanges Read(SqlSession sql, long after, long nowNs)
    {
        StoreVersions now = StoreVersions.Read(sql);
        if (now.Version <= after)
            return new StoreChanges(now, [], []);
        List<Fingerprint> concerned = sql.Query(
            Holders, row => ParticipantTable.ReadFingerprint(row.GetString(0)), ("after", after), ("upto", now.Version));
        return new StoreChanges(now, concerned, Revocation.Read(sql, after, now.Version, nowNs));
    }
}
