using Pdm6.Wire;

namespace Pdm6.Registration.Storage;

/// <summary>Statements about addresses that several endpoints may announce at once.</summary>
internal static class SharedPrefixTable
{
    public static IReadOnlyList<Ipv6Prefix> All(SqlSession sql) => PrefixText.Read(
        string.Join(' ', sql.Query("SELECT prefix FROM shared_prefixes ORDER BY prefix", row => row.GetString(0))));

    /// <summary>False if it is there already.</summary>
    public static bool Add(SqlSession sql, Ipv6Prefix prefix) => sql.Execute(
        "INSERT INTO shared_prefixes (prefix) VALUES (@prefix) ON CONFLICT DO NOTHING", ("prefix", prefix.ToString())) == 1;

    /// <summary>False if it is not there.</summary>
    public static bool Remove(SqlSession sql, Ipv6Prefix prefix) =>
        sql.Execute("DELETE FROM shared_prefixes WHERE prefix = @prefix", ("prefix", prefix.ToString())) == 1;
}
