using System.Data.Common;

namespace Pdm6.Registration.Storage;

/// <summary>One connection and its statements, each prepared when it is first used. Not for several threads.</summary>
internal sealed class SqlSession(DbConnection connection) : IDisposable
{
    private readonly Dictionary<string, DbCommand> _commands = new(StringComparer.Ordinal);

    /// <summary>What statements run in; null for a transaction each.</summary>
    public DbTransaction? Transaction { get; set; }

    public DbConnection Connection => connection;

    /// <summary>Runs a statement and returns how many rows it changed.</summary>
    public int Execute(string sql, params ReadOnlySpan<(string Name, object Value)> values) =>
        Command(sql, values).ExecuteNonQuery();

    /// <summary>All rows.</summary>
    public List<T> Query<T>(string sql, Func<DbDataReader, T> read, params ReadOnlySpan<(string Name, object Value)> values)
    {
        using DbDataReader rows = Command(sql, values).ExecuteReader();
        List<T> all = [];
        while (rows.Read())
            all.Add(read(rows));
        return all;
    }

    /// <summary>The first row, or null.</summary>
    public T? First<T>(string sql, Func<DbDataReader, T> read, params ReadOnlySpan<(string Name, object Value)> values)
        where T : class
    {
        using DbDataReader rows = Command(sql, values).ExecuteReader();
        return rows.Read() ? read(rows) : null;
    }

    /// <summary>The first column of the first row, or null if there is no row or it holds NULL.</summary>
    public long? Number(string sql, params ReadOnlySpan<(string Name, object Value)> values) =>
        Command(sql, values).ExecuteScalar() is long number ? number : null;

    /// <summary>True if there is a row.</summary>
    public bool Any(string sql, params ReadOnlySpan<(string Name, object Value)> values)
    {
        using DbDataReader rows = Command(sql, values).ExecuteReader();
        return rows.Read();
    }

    public void Dispose()
    {
        foreach (DbCommand command in _commands.Values)
            command.Dispose();
        connection.Dispose();
    }

    private DbCommand Command(string sql, ReadOnlySpan<(string Name, object Value)> values)
    {
        if (!_commands.TryGetValue(sql, out DbCommand? command))
        {
            command = connection.CreateCommand();
#pragma warning disable CA2100 // Every text is a constant of the tables' classes; what comes from outside is a value.
            command.CommandText = sql;
#pragma warning restore CA2100
            foreach ((string name, object value) in values)
            {
                DbParameter parameter = command.CreateParameter();
                parameter.ParameterName = name;
                parameter.Value = value;
                command.Parameters.Add(parameter);
            }
            command.Transaction = Transaction;
            command.Prepare();
            _commands.Add(sql, command);
            return command;
        }
        for (int i = 0; i < values.Length; i++)
            command.Parameters[i].Value = values[i].Value;
        command.Transaction = Transaction;
        return command;
    }
}
