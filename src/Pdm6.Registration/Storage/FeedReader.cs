using System.Data.Common;
using Pdm6.Registration.Contract;
using Pdm6.Security.Announcements;
using Pdm6.Security.Identity;

namespace Pdm6.Registration.Storage;

/// <summary>What concerns one participant after a version, in pages of bounded size.</summary>
internal sealed class FeedReader
{
    private const int MostRows = 500;

    private readonly SqlSession _sql;
    private readonly Fingerprint _caller;
    private readonly long _nowNs, _after;
    private readonly StoreVersions _now;

    // Where the page ends: a query that came to its end of rows sets the end for all.
    private long _upTo;
    private bool _isCut;

    public FeedReader(SqlSession sql, Fingerprint caller, long nowNs, long after)
    {
        (_sql, _caller, _nowNs) = (sql, caller, nowNs);
        _now = StoreVersions.Read(sql);
        // A version that was never given: the store was restored from an older copy, and the caller begins anew.
        _after = after > _now.Version ? 0 : after;
    }

    /// <summary>The page.</summary>
    public FeedPage Read()
    {
        _upTo = _now.Version;
        List<StoredEnvelope> announcements = [.. Named(), .. Granted()];
        List<StoredEnvelope> grants = Grants();
        List<Revocation> revoked = Revocation.Read(_sql, _after, _upTo, _nowNs);
        Cut(announcements, grants);
        return new FeedPage(
            _upTo,
            _isCut,
            [.. announcements.Where(IsInPage).OrderBy(item => item.Version).Select(item => item.Envelope)],
            [.. grants.Where(IsInPage).Select(item => item.Envelope)],
            [.. revoked.Where(item => item.Version <= _upTo).Select(item => item.Fingerprint)],
            _now.AnalyzersVersion > _after && _now.AnalyzersVersion <= _upTo);
    }

    private bool IsInPage(StoredEnvelope item) => item.Version <= _upTo;

    // Announcements that name one of the caller's keys.
    private List<StoredEnvelope> Named() => Envelopes(
        "SELECT DISTINCT r.version, c.der, a.body, a.signature FROM participant_keys k "
        + "JOIN announcement_recipients r ON r.key_id = k.key_id JOIN announcements a ON a.context_id = r.context_id "
        + "JOIN certificates c ON c.hash = a.certificate_hash JOIN participants p ON p.fingerprint = a.fingerprint "
        + "WHERE k.fingerprint = @caller AND r.version > @after AND r.version <= @upto AND a.not_after_ns > @now "
        + "AND p.state = 'active' ORDER BY r.version LIMIT @most");

    // Announcements of contexts of which the caller holds a grant: with the first grant, and whenever they change.
    private List<StoredEnvelope> Granted() => Envelopes(
        "SELECT DISTINCT r.version, c.der, a.body, a.signature FROM participant_keys k "
        + "JOIN granted_contexts r ON r.key_id = k.key_id JOIN announcements a ON a.context_id = r.context_id "
        + "JOIN certificates c ON c.hash = a.certificate_hash JOIN participants p ON p.fingerprint = a.fingerprint "
        + "WHERE k.fingerprint = @caller AND r.version > @after AND r.version <= @upto AND r.not_after_ns > @now "
        + "AND a.not_after_ns > @now AND p.state = 'active' ORDER BY r.version LIMIT @most");

    private List<StoredEnvelope> Grants() => Envelopes(
        "SELECT DISTINCT g.version, c.der, g.body, g.signature FROM participant_keys k JOIN grants g ON g.key_id = k.key_id "
        + "JOIN certificates c ON c.hash = g.certificate_hash JOIN participants p ON p.fingerprint = c.fingerprint "
        + "WHERE k.fingerprint = @caller AND g.version > @after AND g.version <= @upto AND g.not_after_ns > @now "
        + "AND p.state = 'active' ORDER BY g.version LIMIT @most");

    private List<StoredEnvelope> Envelopes(string query)
    {
        List<StoredEnvelope> rows = _sql.Query(
            query, Read, ("caller", _caller.ToString()), ("after", _after), ("upto", _upTo), ("now", _nowNs), ("most", (long)MostRows));
        if (rows.Count == MostRows)
            EndAt(rows[^1].Version);
        return rows;
    }

    // The page ends before the version with which it would become too long, but holds one version at least.
    private void Cut(params ReadOnlySpan<List<StoredEnvelope>> kinds)
    {
        SortedDictionary<long, long> sizes = [];
        foreach (List<StoredEnvelope> kind in kinds)
            foreach (StoredEnvelope item in kind)
                sizes[item.Version] = sizes.GetValueOrDefault(item.Version) + item.Size;
        long total = 0, last = 0;
        foreach ((long version, long size) in sizes)
        {
            total += size;
            if (total > RegistrarLimits.LargestPage && last != 0)
            {
                EndAt(last);
                return;
            }
            last = version;
        }
    }

    private void EndAt(long version)
    {
        if (version >= _upTo)
            return;
        _upTo = version;
        _isCut = true;
    }

    private static StoredEnvelope Read(DbDataReader row) => new(
        row.GetInt64(0),
        new SignedEnvelope(row.GetFieldValue<byte[]>(1), row.GetFieldValue<byte[]>(2), row.GetFieldValue<byte[]>(3)));
}
