using System.Data;
using System.Data.Common;
using Npgsql;

namespace Pdm6.Registration.Storage;

/// <summary>A store in a PostgreSQL database, in the schema that the connection string's role finds first.</summary>
internal sealed class PostgresDatabase : IRegistrarDatabase
{
    // Held by whoever writes: any number that nobody else in the database uses. "pdm6" in ASCII.
    private const long WritersLock = 0x70646d36;

    private readonly NpgsqlDataSource _source;

    /// <exception cref="RegistrarException">The database cannot be used; the line says what to do.</exception>
    public PostgresDatabase(string connectionString)
    {
        NpgsqlConnectionStringBuilder settings;
        try
        {
            // Sessions keep their connections; a pool below them would only reset what is prepared.
            settings = new NpgsqlConnectionStringBuilder(connectionString) { Pooling = false };
        }
        catch (ArgumentException error)
        {
            // The text may hold a password: it is not repeated.
            throw new RegistrarException(
                $"this is not a connection string of PostgreSQL ({error.Message.TrimEnd('.')}); write it like "
                + "\"Host=/run/postgresql;Database=pdm6;Username=pdm6\"", error);
        }
        Description = $"PostgreSQL, {settings.Host}, database {settings.Database ?? settings.Username}";
        _source = NpgsqlDataSource.Create(settings);
        try
        {
            using SqlSession session = Open();
            Prepare(session);
        }
        catch (DbException error)
        {
            _source.Dispose();
            throw new RegistrarException(
                $"{Description}: cannot be used ({error.Message.TrimEnd('.')}); check that it runs and that the role may make tables", error);
        }
        catch
        {
            _source.Dispose();
            throw;
        }
    }

    public string Description { get; }

    public SqlSession Open() => new(_source.OpenConnection());

    public DbTransaction BeginWriting(SqlSession session)
    {
        DbTransaction transaction = session.Connection.BeginTransaction();
        session.Transaction = transaction;
        session.Number("SELECT 1::bigint FROM (SELECT pg_advisory_xact_lock(@lock)) AS held", ("lock", WritersLock));
        return transaction;
    }

    public DbTransaction BeginReading(SqlSession session) => session.Connection.BeginTransaction(IsolationLevel.RepeatableRead);

    public void Dispose() => _source.Dispose();

    private void Prepare(SqlSession session)
    {
        Migrations migrations = Migrations.In("Postgres");
        using DbTransaction transaction = BeginWriting(session);
        session.Execute("CREATE TABLE IF NOT EXISTS pdm6_registrar_schema (version BIGINT NOT NULL)");
        int version = (int)(session.Number("SELECT max(version) FROM pdm6_registrar_schema") ?? 0);
        if (version > migrations.Newest)
            throw new RegistrarException(
                $"{Description}: was written by a newer registrar (schema {version}); use that one or name another database");
        if (version < migrations.Newest)
        {
            migrations.Apply(session, version);
            session.Execute("INSERT INTO pdm6_registrar_schema VALUES (@version)", ("version", (long)migrations.Newest));
        }
        transaction.Commit();
    }
}
