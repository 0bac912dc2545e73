using System.Text.Json;
using Pdm6.Lab;
using Pdm6.Security;

namespace Pdm6.Cli.Demo;

/// <summary>
/// The files of one run: a directory of its own that goes with the run, and what <c>--keep</c> leaves behind.
/// </summary>
internal sealed class DemoFiles : IDisposable
{
    /// <summary>Where agents report to, in the collector's namespace.</summary>
    private const int IngestPort = 8651;
    /// <summary>Where the collector's page is, in its namespace.</summary>
    internal const int WebPort = 8650;
    private const int PathMtu = 1280;

    private static readonly JsonSerializerOptions s_json = new() { WriteIndented = true };

    private static readonly string[] s_hosts = ["router", "client", "server"];

    private readonly string _kept;

    internal DemoFiles(string? keepDirectory)
    {
        // Only its owner may enter a temporary directory made this way.
        Work = Directory.CreateTempSubdirectory($"pdm6-demo-{Environment.ProcessId}-").FullName;
        try
        {
            _kept = keepDirectory is null ? Work : Directory.CreateDirectory(keepDirectory).FullName;
            foreach (string left in (string[])[Key, Announcements, Description, Summary, .. s_hosts.Select(Capture)])
                File.Delete(left); // of an earlier run
            KeyFile.Create(Key);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>A directory for passing files.</summary>
    internal string Work { get; }

    internal string Key => Path.Combine(_kept, "lab.key");

    internal string Announcements => Path.Combine(_kept, "announcements.json");

    /// <summary>What a recount must know besides the key: who was where, and what the rules chose.</summary>
    internal string Description => Path.Combine(_kept, "demo.json");

    internal string Summary => Path.Combine(_kept, "summary.json");

    internal string Capture(string host) => Path.Combine(_kept, $"{host}.pcapng");

    internal string WriteRelayConfiguration(RelayConfiguration configuration)
    {
        string path = Path.Combine(Work, "relay.json");
        configuration.Save(path);
        return path;
    }

    internal string WriteCollectorConfiguration() => Write("collector.json", new
    {
        keyFile = Key,
        ingest = $"[::]:{IngestPort}",
        web = $"[::1]:{WebPort}",
        store = Path.Combine(Work, "collector.sqlite"),
    });

    internal string WriteAgentConfiguration(string name, Wire.Ipv6Address collector) => Write($"{name}.json", new
    {
        name,
        interfaces = (string[])[Laboratory.MeasuredInterface],
        keyFile = Key,
        collector = $"https://[{collector}]:{IngestPort}",
        rules = DemoServices.Rules,
        epochSeconds = 60,
        pathMtu = PathMtu,
        statusSocket = Path.Combine(Work, $"{name}.sock"),
    });

    internal void WriteDescription() => File.WriteAllBytes(Description, JsonSerializer.SerializeToUtf8Bytes(
        new
        {
            client = new { addresses = (string[])[LaboratoryAddresses.Client.ToString()] },
            server = new { addresses = (string[])[LaboratoryAddresses.Server.ToString()] },
            rules = DemoServices.Rules,
            pathMtu = PathMtu,
        },
        s_json));

    public void Dispose() => Directory.Delete(Work, recursive: true);

    private string Write(string file, object configuration)
    {
        string path = Path.Combine(Work, file);
        File.WriteAllBytes(path, JsonSerializer.SerializeToUtf8Bytes(configuration, s_json));
        return path;
    }
}
