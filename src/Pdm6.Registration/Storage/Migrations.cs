using System.Globalization;
using System.Reflection;

namespace Pdm6.Registration.Storage;

/// <summary>The numbered files that make a schema, step by step: 001.sql, 002.sql, ... A file that was released is never
/// changed; the next change is the next file.</summary>
internal sealed class Migrations
{
    private readonly string[] _steps;

    private Migrations(string[] steps) => _steps = steps;

    /// <summary>The number of the newest step.</summary>
    public int Newest => _steps.Length;

    /// <summary>The steps of a folder of this project.</summary>
    public static Migrations In(string folder)
    {
        Assembly assembly = typeof(Migrations).Assembly;
        string prefix = $"Storage/{folder}/";
        string[] names = [.. assembly.GetManifestResourceNames()
            .Where(name => name.StartsWith(prefix, StringComparison.Ordinal)).Order(StringComparer.Ordinal)];
        for (int i = 0; i < names.Length; i++)
            if (names[i] != prefix + (i + 1).ToString("000", CultureInfo.InvariantCulture) + ".sql")
                throw new InvalidOperationException($"{names[i]} is not step {i + 1} of the schema.");
        return new Migrations([.. names.Select(name => Text(assembly, name))]);
    }

    /// <summary>Runs the steps after <paramref name="version"/>; the caller has begun a transaction and writes down the
    /// newest number.</summary>
    public void Apply(SqlSession session, int version)
    {
        for (int i = version; i < _steps.Length; i++)
        {
            using System.Data.Common.DbCommand step = session.Connection.CreateCommand();
#pragma warning disable CA2100 // A file of this project.
            step.CommandText = _steps[i];
#pragma warning restore CA2100
            step.Transaction = session.Transaction;
            step.ExecuteNonQuery();
        }
    }

    private static string Text(Assembly assembly, string name)
    {
        using StreamReader text = new(assembly.GetManifestResourceStream(name)!);
        return text.ReadToEnd();
    }
}
