namespace Pdm6.Lab;

/// <summary>
/// A PostgreSQL server of its own, thrown away afterwards: fresh files in a temporary directory, run as the user
/// <c>postgres</c>, reached by a socket in that directory and by no network.
/// </summary>
public sealed class PostgresServer : IAsyncDisposable
{
    private const string User = "postgres";
    private static readonly TimeSpan s_start = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan s_end = TimeSpan.FromSeconds(20);

    private readonly string _directory;
    private readonly string _programs;
    private readonly LabProcess _process;

    private PostgresServer(string directory, string programs, LabProcess process) =>
        (_directory, _programs, _process) = (directory, programs, process);

    /// <summary>Makes and starts a server.</summary>
    /// <param name="isDurable">Commits reach the disk, as they would where data matter; false is quicker.</param>
    /// <exception cref="MissingPrerequisiteException">PostgreSQL is not installed.</exception>
    /// <exception cref="LaboratoryException">It could not start.</exception>
    public static async Task<PostgresServer> StartAsync(bool isDurable)
    {
        string programs = Programs();
        string directory = Path.Combine(Path.GetTempPath(), $"pdm6-postgres-{Guid.NewGuid():n}");
        CommandLine.Of("install", "-d", "-m", "0700", "-o", User, directory).Run();
        try
        {
            string data = Path.Combine(directory, "data");
            As(Path.Combine(programs, "initdb"), "-D", data, "-U", User, "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync").Run();
            LabProcess process = LabProcess.Start("postgres", As(
                Path.Combine(programs, "postgres"), "-D", data, "-c", "listen_addresses=", "-c", $"unix_socket_directories={directory}",
                "-c", "max_connections=100", "-c", $"fsync={(isDurable ? "on" : "off")}"));
            PostgresServer server = new(directory, programs, process);
            await process.WaitForLineAsync("ready to accept connections", s_start).ConfigureAwait(false);
            return server;
        }
        catch
        {
            Directory.Delete(directory, recursive: true);
            throw;
        }
    }

    /// <summary>The process id of the server.</summary>
    public int Id => _process.Id;

    /// <summary>Makes an empty database; returns its connection string.</summary>
    public string CreateDatabase()
    {
        string name = $"t{Guid.NewGuid():n}";
        CommandLine.Of(
            Path.Combine(_programs, "psql"), "-q", "-h", _directory, "-U", User, "-d", User, "-c", $"CREATE DATABASE {name}").Run();
        return $"Host={_directory};Username={User};Database={name}";
    }

    /// <summary>Stops the server and removes its files.</summary>
    public async ValueTask DisposeAsync()
    {
        _process.Interrupt(); // "fast shutdown": it does not wait for its clients
        using CancellationTokenSource timeout = new(s_end);
        await ((Task)_process.WaitAsync(timeout.Token)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _process.DisposeAsync().ConfigureAwait(false);
        Directory.Delete(_directory, recursive: true);
    }

    private static CommandLine As(string program, params string[] arguments) =>
        CommandLine.Of("setpriv", [$"--reuid={User}", $"--regid={User}", "--clear-groups", program, .. arguments]);

    // Debian keeps the programs of each version apart, and out of PATH.
    private static string Programs()
    {
        const string Versions = "/usr/lib/postgresql";
        return (Directory.Exists(Versions) ? Directory.GetDirectories(Versions) : [])
            .OrderByDescending(version => int.TryParse(Path.GetFileName(version), out int number) ? number : 0)
            .Select(version => Path.Combine(version, "bin"))
            .FirstOrDefault(programs => File.Exists(Path.Combine(programs, "initdb")))
            ?? throw new MissingPrerequisiteException("PostgreSQL is not installed; run 'apt-get install postgresql'.");
    }
}
