using System.Data.Common;

namespace Pdm6.Registration.Storage;

/// <summary>A piece of work on the store: done as a whole or not at all, while nobody else writes.</summary>
internal sealed class StoreTransaction
{
    private readonly long _firstVersion;
    private long _version, _analyzersVersion;
    private readonly long _firstAnalyzersVersion;

    public StoreTransaction(SqlSession sql, long nowNs)
    {
        Sql = sql;
        NowNs = nowNs;
        (_version, _analyzersVersion) = StoreVersions.Read(sql);
        (_firstVersion, _firstAnalyzersVersion) = (_version, _analyzersVersion);
    }

    public SqlSession Sql { get; }

    /// <summary>When the transaction began, Unix nanoseconds.</summary>
    public long NowNs { get; }

    /// <summary>The newest version, this transaction's included.</summary>
    public long Version => _version;

    /// <summary>The number of one more change that feeds carry.</summary>
    public long NextVersion() => ++_version;

    /// <summary>The list of analyzers is another one now.</summary>
    public void AnalyzersChanged() => _analyzersVersion = NextVersion();

    /// <summary>One line of the audit log.</summary>
    /// <param name="actor">Who did it: <c>operator</c>, or a participant's name.</param>
    /// <param name="action">What: <c>enrolled</c>, <c>token-created</c>, ...</param>
    /// <param name="subject">To whom or what.</param>
    /// <param name="prefixes">For which prefixes or addresses; may be empty.</param>
    /// <param name="reason">Why, or what else is to be known; may be empty.</param>
    public void Audit(string actor, string action, string subject, string prefixes, string reason) => Sql.Execute(
        "INSERT INTO audit (time_ns, actor, action, subject, prefixes, reason) VALUES (@time, @actor, @action, @subject, @prefixes, @reason)",
        ("time", NowNs), ("actor", actor), ("action", action), ("subject", subject), ("prefixes", prefixes), ("reason", reason));

    /// <summary>Writes the versions down: the last step of all.</summary>
    public void Finish()
    {
        if (_version != _firstVersion || _analyzersVersion != _firstAnalyzersVersion)
            StoreVersions.Write(Sql, _version, _analyzersVersion);
    }

    /// <summary>A transaction of the database that <paramref name="sql"/> runs in until it is disposed of.</summary>
    public static DbTransaction Begin(IRegistrarDatabase database, SqlSession sql)
    {
        DbTransaction transaction = database.BeginWriting(sql);
        sql.Transaction = transaction;
        return transaction;
    }
}
