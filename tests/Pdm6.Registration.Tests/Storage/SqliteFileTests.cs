using Microsoft.Data.Sqlite;
using Pdm6.Registration.Storage;
using Pdm6.Registration.Tests.Server;

namespace Pdm6.Registration.Tests.Storage;

/// <summary>The file below a store: whose it is, and what is refused.</summary>
public sealed class SqliteFileTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    private string Path => System.IO.Path.Combine(_directory.Path, "registrar.db");

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void File_MadeAnew_IsForItsOwnerOnlyAndSyncsFully()
    {
        using SqliteDatabase database = new(Path);
        using SqlSession session = database.Open();

        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Path));
        Assert.Equal(2, session.Number("PRAGMA synchronous"));
        Assert.Equal("wal", session.First("PRAGMA journal_mode", row => row.GetString(0)));
    }

    [Fact]
    public void File_OfANewerRegistrar_IsRefusedAndUnchanged()
    {
        new SqliteDatabase(Path).Dispose();
        Execute("PRAGMA user_version = 1000");

        RegistrarException refused = Assert.Throws<RegistrarException>(() => new SqliteDatabase(Path));

        Assert.Contains("newer registrar (schema 1000)", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void File_OfSomethingElse_IsRefused()
    {
        Execute("CREATE TABLE songs (name TEXT)");
        Assert.Contains("something else", Assert.Throws<RegistrarException>(() => new SqliteDatabase(Path)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void File_ThatIsNoDatabase_IsRefused()
    {
        File.WriteAllText(Path, new string('x', 4096));
        Assert.Contains("not an SQLite file", Assert.Throws<RegistrarException>(() => new SqliteDatabase(Path)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void File_OfTheFirstSchema_KeepsWhatItsGrantsGive()
    {
        using (StreamReader first = new(typeof(SqliteDatabase).Assembly.GetManifestResourceStream("Storage/Sqlite/001.sql")!))
            Execute(first.ReadToEnd() + """
                PRAGMA user_version = 1;
                INSERT INTO participants VALUES ('f', 'n', 'endpoint', '', 'active', 't', 'h', 0, 0, 0, 0, '', x'', x'');
                INSERT INTO certificates VALUES ('h', 'f', 99, x'');
                INSERT INTO announcements VALUES ('changed-since', 8, 'f', 0, 99, 'h', x'', x''), ('unchanged', 1, 'f', 0, 99, 'h', x'', x'');
                INSERT INTO grants VALUES
                  ('changed-since', x'01', x'02', 'k', 5, 70, 'h', x'', x''), ('changed-since', x'01', x'03', 'k', 9, 80, 'h', x'', x''),
                  ('unchanged', x'01', x'02', 'k', 6, 70, 'h', x'', x''), ('unchanged', x'01', x'03', 'k', 7, 60, 'h', x'', x''),
                  ('unchanged', x'01', x'03', 'l', 2, 60, 'h', x'', x'');
                """);

        using SqliteDatabase database = new(Path);
        using SqlSession session = database.Open();

        Assert.Equal(
            [("changed-since", "k", 8, 80), ("unchanged", "k", 6, 70), ("unchanged", "l", 2, 60)],
            session.Query(
                "SELECT context_id, key_id, version, not_after_ns FROM granted_contexts ORDER BY context_id, key_id",
                row => (row.GetString(0), row.GetString(1), row.GetInt32(2), row.GetInt32(3))));
    }

    private void Execute(string sql)
    {
        using SqliteConnection connection = new(new SqliteConnectionStringBuilder { DataSource = Path, Pooling = false }.ToString());
        connection.Open();
        using SqliteCommand command = connection.CreateCommand();
#pragma warning disable CA2100 // The texts are above.
        command.CommandText = sql;
#pragma warning restore CA2100
        command.ExecuteNonQuery();
    }
}
