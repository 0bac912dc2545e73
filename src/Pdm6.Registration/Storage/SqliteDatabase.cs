using System.Data.Common;
using System.Globalization;
using Microsoft.Data.Sqlite;

namespace Pdm6.Registration.Storage;

/// <summary>
/// A store in one SQLite file: made if it is not there, for its owner only. A write-ahead log, so that readers do not
/// wait for the writer, and <c>synchronous = FULL</c>, so that what was committed outlives a power cut. The operator's
/// command line may open it while a registrar runs.
/// </summary>
internal sealed class SqliteDatabase : IRegistrarDatabase
{
    private const int NotADatabase = 26;

    // How long a statement waits for another process that writes, seconds.
    private const int Patience = 30;

    private readonly string _path;

    /// <exception cref="RegistrarException">The file cannot be used; the line says what to do.</exception>
    public SqliteDatabase(string path)
    {
        _path = path;
        try
        {
            // SQLite gives its log the mode of the file, so the file is made here first.
            new FileStream(path, new FileStreamOptions
            {
                Mode = FileMode.OpenOrCreate,
                Access = FileAccess.ReadWrite,
                Share = FileShare.ReadWrite,
                UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
            }).Dispose();
            using SqlSession session = Open();
            Prepare(session);
        }
        catch (SqliteException error)
        {
            throw new RegistrarException(
                error.SqliteErrorCode == NotADatabase
                    ? $"{path} is not an SQLite file; name another data directory"
                    : $"{path} cannot be used ({error.Message.TrimEnd('.')}); check the disk or name another data directory",
                error);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new RegistrarException(
                $"{path} cannot be opened ({error.Message.TrimEnd('.')}); run as its owner or name another data directory", error);
        }
    }

    public string Description => $"SQLite, {_path}";

    public SqlSession Open()
    {
        SqliteConnection connection = new(new SqliteConnectionStringBuilder
        {
            DataSource = _path, Pooling = false, DefaultTimeout = Patience, ForeignKeys = true,
        }.ToString());
        try
        {
            connection.Open();
            using SqliteCommand settings = connection.CreateCommand();
            settings.CommandText = "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;";
            settings.ExecuteNonQuery();
            return new SqlSession(connection);
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    // Not deferred: BEGIN IMMEDIATE, so that two writers queue up instead of failing half way.
    public DbTransaction BeginWriting(SqlSession session) => ((SqliteConnection)session.Connection).BeginTransaction(deferred: false);

    public DbTransaction BeginReading(SqlSession session) => ((SqliteConnection)session.Connection).BeginTransaction(deferred: true);

    public void Dispose()
    {
        // Every connection is its session's.
    }

    private void Prepare(SqlSession session)
    {
        Migrations migrations = Migrations.In("Sqlite");
        using DbTransaction transaction = BeginWriting(session);
        session.Transaction = transaction;
        int version = (int)session.Number("PRAGMA user_version")!;
        if (version > migrations.Newest)
            throw new RegistrarException(
                $"{_path} was written by a newer registrar (schema {version}); use that one or name another data directory");
        if (version == 0 && session.Number("SELECT count(*) FROM sqlite_master") != 0)
            throw new RegistrarException($"{_path} is an SQLite file of something else; name another data directory");
        if (version == migrations.Newest)
            return;
        migrations.Apply(session, version);
        using DbCommand written = session.Connection.CreateCommand();
#pragma warning disable CA2100 // A number.
        written.CommandText = "PRAGMA user_version = " + migrations.Newest.ToString(CultureInfo.InvariantCulture);
#pragma warning restore CA2100
        written.Transaction = transaction;
        written.ExecuteNonQuery();
        transaction.Commit();
    }
}
