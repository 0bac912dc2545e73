namespace Pdm6.Registration.Storage;

/// <summary>How far the feeds are.</summary>
/// <param name="Version">Of the newest change that a feed carries.</param>
/// <param name="AnalyzersVersion">Of the newest change of the list of analyzers.</param>
internal readonly record struct StoreVersions(long Version, long AnalyzersVersion)
{
    /// <summary>As they are durable, or as a transaction sees them.</summary>
    public static StoreVersions Read(SqlSession sql) =>
        sql.Query("SELECT version, analyzers_version FROM state", row => new StoreVersions(row.GetInt64(0), row.GetInt64(1)))[0];

    public static void Write(SqlSession sql, long version, long analyzersVersion) => sql.Execute(
        "UPDATE state SET version = @version, analyzers_version = @analyzers",
        ("version", version), ("analyzers", analyzersVersion));
}
