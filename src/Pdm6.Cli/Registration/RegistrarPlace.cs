using System.CommandLine;
using Pdm6.Registration;

namespace Pdm6.Cli.Registration;

/// <summary>Which registrar an operator speaks of: its data directory or its configuration.</summary>
internal sealed class RegistrarPlace
{
    private const string DefaultData = "/var/lib/pdm6/registrar";
    private const string DatabaseVariable = "PDM6_REGISTRAR_DATABASE";

    private readonly Option<string?> _configuration = new("--config") { Description = "The registrar's configuration (JSON)." };
    private readonly Option<string?> _data = new("--data") { Description = $"Its data directory, in place of --config ({DefaultData} unless told)." };

    /// <summary>What its help says below the options.</summary>
    internal const string Details =
        $"{DatabaseVariable} names a PostgreSQL database (a connection string) in place of the SQLite file of the data directory.";

    internal RegistrarPlace(Command verb)
    {
        verb.Add(_configuration);
        verb.Add(_data);
    }

    /// <summary>What the command line and the environment say.</summary>
    internal RegistrarOptions Options(ParseResult parsed)
    {
        RegistrarOptions options = (parsed.GetValue(_configuration), parsed.GetValue(_data)) switch
        {
            (not null, not null) => throw new WrongUseException("Give either --config FILE or --data DIR."),
            ({ } file, null) => RegistrarOptions.Load(file),
            (null, var directory) => new RegistrarOptions { Data = Path.GetFullPath(directory ?? DefaultData) },
        };
        return Environment.GetEnvironmentVariable(DatabaseVariable) is { Length: > 0 } database
            ? options with { Database = database }
            : options;
    }

    /// <summary>Its store, for an operator.</summary>
    internal RegistrarOperator Open(ParseResult parsed) => RegistrarOperator.Open(Options(parsed));
}
