using System.Data.Common;
using Pdm6.Registration.Contract;

namespace Pdm6.Registration.Storage;

/// <summary>Statements about tokens.</summary>
internal static class TokenTable
{
    private const string Columns =
        "id, secret_hash, role, prefixes, uses, used, expires_ns, needs_approval, created_ns, revoked_ns";

    public static void Add(SqlSession sql, StoredToken token) => sql.Execute(
        $"INSERT INTO tokens ({Columns}) VALUES (@id, @hash, @role, @prefixes, @uses, @used, @expires, @approval, @created, @revoked)",
        ("id", token.Id), ("hash", token.SecretHash), ("role", RoleText.Of(token.Role)),
        ("prefixes", PrefixText.Of(token.Prefixes)), ("uses", token.Uses), ("used", token.Used),
        ("expires", token.ExpiresNs), ("approval", token.NeedsApproval ? 1L : 0L), ("created", token.CreatedNs),
        ("revoked", token.RevokedNs));

    public static StoredToken? Find(SqlSession sql, string id) =>
        sql.First($"SELECT {Columns} FROM tokens WHERE id = @id", Read, ("id", id));

    /// <summary>The newest first.</summary>
    public static List<StoredToken> All(SqlSession sql) =>
        sql.Query($"SELECT {Columns} FROM tokens ORDER BY created_ns DESC, id", Read);

    public static void Use(SqlSession sql, string id) =>
        sql.Execute("UPDATE tokens SET used = used + 1 WHERE id = @id", ("id", id));

    /// <summary>False if there is none, or it is revoked already.</summary>
    public static bool Revoke(SqlSession sql, string id, long nowNs) => sql.Execute(
        "UPDATE tokens SET revoked_ns = @now WHERE id = @id AND revoked_ns = 0", ("now", nowNs), ("id", id)) == 1;

    private static StoredToken Read(DbDataReader row) => new()
    {
        Id = row.GetString(0),
        SecretHash = row.GetFieldValue<byte[]>(1),
        Role = RoleColumn.Read(row.GetString(2)),
        Prefixes = PrefixText.Read(row.GetString(3)),
        Uses = row.GetInt64(4),
        Used = row.GetInt64(5),
        ExpiresNs = row.GetInt64(6),
        NeedsApproval = row.GetInt64(7) != 0,
        CreatedNs = row.GetInt64(8),
        RevokedNs = row.GetInt64(9),
    };
}
