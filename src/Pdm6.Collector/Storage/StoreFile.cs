using Microsoft.Data.Sqlite;

namespace Pdm6.Collector.Storage;

/// <summary>
/// Opens the SQLite file: makes it if it is not there, for its owner only, and refuses one that belongs to something
/// else or to a newer collector. Write-ahead log, so that readers do not wait for the writer and a killed process
/// loses at most what it had not committed.
/// </summary>
internal sealed class StoreFile : IDisposable
{
    private const int NotADatabase = 26;

    // How long a statement waits for somebody else who has the file locked, seconds.
    private const int Patience = 3;

    // Each makes the next version out of the one before.
    private static readonly string[] _schema = ["Storage/schema.sql", "Storage/probes.sql", "Storage/envelopes.sql", "Storage/sent_clear.sql"];

    private readonly FileStream? _lock;

    private StoreFile(FileStream? held, SqliteConnection writer, SqliteConnection reader)
    {
        _lock = held;
        Writer = writer;
        Reader = reader;
    }

    /// <summary>The connection of the one writer.</summary>
    public SqliteConnection Writer { get; }

    /// <summary>The connection of the readers. A memory store has one connection only.</summary>
    public SqliteConnection Reader { get; }

    /// <summary>Held while <see cref="Reader"/> is used, and by the writer too if the connection is the same.</summary>
    public Lock ReaderLock { get; } = new();

    public bool IsShared => ReferenceEquals(Reader, Writer);

    /// <exception cref="CollectorConfigurationException">The file cannot be used; the line says what to do.</exception>
    public static StoreFile Open(string path)
    {
        if (path == CollectorOptions.MemoryStore)
        {
            SqliteConnection memory = Connect(CollectorOptions.MemoryStore);
            Prepare(memory, path);
            return new StoreFile(null, memory, memory);
        }
        FileStream? held = null;
        SqliteConnection? writer = null;
        try
        {
            held = Hold(path);
            writer = Connect(path);
            Prepare(writer, path);
            StoreFile file = new(held, writer, Connect(path));
            (held, writer) = (null, null);
            return file;
        }
        catch (SqliteException error)
        {
            throw new CollectorConfigurationException(
                error.SqliteErrorCode == NotADatabase
                    ? $"store: {path} is not an SQLite file; name another file"
                    : $"store: {path} cannot be used ({error.Message.TrimEnd('.')}); check the disk or name another file",
                error);
        }
        finally
        {
            writer?.Dispose();
            held?.Dispose();
        }
    }

    public void Dispose()
    {
        Reader.Dispose();
        Writer.Dispose();
        _lock?.Dispose();
    }

    /// <summary>Two collectors would each add to the same windows what the other does not know.</summary>
    private static FileStream Hold(string path)
    {
        try
        {
            FileStreamOptions ownerOnly = new()
            {
                Mode = FileMode.OpenOrCreate,
                Access = FileAccess.ReadWrite,
                Share = FileShare.ReadWrite,
                UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
            };
            // SQLite gives its log the mode of the file, so the file is made here first.
            new FileStream(path, ownerOnly).Dispose();
            ownerOnly.Share = FileShare.None;
            return new FileStream(path + ".lock", ownerOnly);
        }
        catch (DirectoryNotFoundException error)
        {
            throw new CollectorConfigurationException(
                $"store: the directory of {path} does not exist; create it: mkdir -p '{Path.GetDirectoryName(path)}'", error);
        }
        catch (UnauthorizedAccessException error)
        {
            throw new CollectorConfigurationException(
                $"store: {path} may not be written; run as its owner or name another file", error);
        }
        catch (IOException error)
        {
            throw new CollectorConfigurationException(
                $"store: {path} is in use by another collector; stop that one or name another file", error);
        }
    }

    private static SqliteConnection Connect(string path)
    {
        SqliteConnection connection = new(new SqliteConnectionStringBuilder
        {
            DataSource = path, Pooling = false, DefaultTimeout = Patience,
        }.ToString());
        connection.Open();
        return connection;
    }

    private static void Prepare(SqliteConnection connection, string path)
    {
        Execute(connection, "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA foreign_keys = ON;");
        long version = Number(connection, "PRAGMA user_version");
        bool isNew = version == 0 && Number(connection, "SELECT count(*) FROM sqlite_master") == 0;
        if (version > _schema.Length)
            throw new CollectorConfigurationException(
                $"store: {path} was written by a newer collector (schema {version}); use that one or name another file");
        if (version < 1 && !isNew)
            throw new CollectorConfigurationException($"store: {path} is an SQLite file of something else; name another file");
        foreach (string step in _schema[(int)version..])
        {
            using Stream schema = typeof(StoreFile).Assembly.GetManifestResourceStream(step)!;
            using StreamReader text = new(schema);
            Execute(connection, $"BEGIN; {text.ReadToEnd()} COMMIT;");
        }
    }

    private static void Execute(SqliteConnection connection, string sql)
    {
        using SqliteCommand command = connection.CreateCommand();
#pragma warning disable CA2100 // The texts are constants and the embedded schema.
        command.CommandText = sql;
#pragma warning restore CA2100
        command.ExecuteNonQuery();
    }

    private static long Number(SqliteConnection connection, string sql)
    {
        using SqliteCommand command = connection.CreateCommand();
#pragma warning disable CA2100 // The texts are constants.
        command.CommandText = sql;
#pragma warning restore CA2100
        return (long)command.ExecuteScalar()!;
    }
}
