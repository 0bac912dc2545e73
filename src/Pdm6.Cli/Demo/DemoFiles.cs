using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Pdm6.Lab;
using Pdm6.Registration.Contract;
using Pdm6.Registration.Identities;
using Pdm6.Security.Files;
using Pdm6.Security.Identity;

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
    // Whenever measuring begins, each context changes once in as many seconds as are measured. A successor is announced an
    // epoch ahead, which is time enough for its grants also on a busy machine.
    private const int LeastContextSeconds = 15, MostContextSeconds = 24 * 3600;
    private const int EpochsInAContext = 3, LongestEpochSeconds = 60;

    private static readonly JsonSerializerOptions s_json = new() { WriteIndented = true };

    private static readonly string[] s_hosts = ["router", "client", "server"];

    private readonly string _kept;
    private readonly int _contextSeconds;

    /// <param name="keepDirectory">What is to be kept goes there; null keeps nothing.</param>
    /// <param name="seconds">How long will be measured: agents change their contexts as often.</param>
    internal DemoFiles(string? keepDirectory, int seconds)
    {
        _contextSeconds = Math.Clamp(seconds, LeastContextSeconds, MostContextSeconds);
        // Only its owner may enter a temporary directory made this way.
        Work = Directory.CreateTempSubdirectory($"pdm6-demo-{Environment.ProcessId}-").FullName;
        try
        {
            _kept = keepDirectory is null ? Work : Directory.CreateDirectory(keepDirectory).FullName;
            foreach (string left in (string[])[AnalyzerKey, Authority, Envelopes, Announcements, Description, Summary, .. s_hosts.Select(Capture)])
                File.Delete(left); // of an earlier run
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>A directory for passing files.</summary>
    internal string Work { get; }

    /// <summary>The collector's HPKE key: what an analyzer has.</summary>
    internal string AnalyzerKey => Path.Combine(_kept, "analyzer.key");

    /// <summary>The certificate of the authority that issued everybody's.</summary>
    internal string Authority => Path.Combine(_kept, "authority.crt");

    /// <summary>The announcements as they were sealed and signed: with the key, all that opening the captures needs.</summary>
    internal string Envelopes => Path.Combine(_kept, "envelopes.json");

    /// <summary>What the registrar in the collector keeps.</summary>
    internal string Registrar => Path.Combine(Work, "registrar");

    /// <summary>The collector's identity.</summary>
    internal string Analyzer => Path.Combine(Registrar, "collector");

    /// <summary>A host's identity.</summary>
    internal string Identity(string host) => Path.Combine(Work, $"{host}-identity");

    internal string StatusSocket(string host) => Path.Combine(Work, $"{host}.sock");

    internal string Announcements => Path.Combine(_kept, "announcements.json");

    /// <summary>What a recount must know besides them: who was where, and what the rules chose.</summary>
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
        registrar = new { data = Registrar, listen = $"[::]:{RegistrarRoutes.DefaultPort}" },
        ingest = $"[::]:{IngestPort}",
        web = $"[::1]:{WebPort}",
        store = Path.Combine(Work, "collector.sqlite"),
    });

    /// <summary>A token, for its owner only.</summary>
    internal string WriteToken(string host, string text)
    {
        string path = Path.Combine(Work, $"{host}.token");
        using AtomicFile file = new(path, overwrite: true);
        file.Stream.Write(Encoding.ASCII.GetBytes(text));
        file.Commit();
        return path;
    }

    /// <summary>Keeps what an analyzer has, for a recount.</summary>
    internal void WriteAnalyzer()
    {
        using IdentityDirectory analyzer = IdentityDirectory.Load(Analyzer);
        HpkeKeyFile.Write(AnalyzerKey, analyzer.HpkeKeys, overwrite: true);
        File.WriteAllText(Authority, PemEncoding.WriteString("CERTIFICATE", analyzer.Authority.Der.Span));
    }

    internal string WriteAgentConfiguration(string name, Wire.Ipv6Address collector, Fingerprint analyzer) => Write($"{name}.json", new
    {
        name,
        interfaces = (string[])[Laboratory.MeasuredInterface],
        identity = Identity(name),
        analyzers = (string[])[analyzer.ToString()],
        collector = $"https://[{collector}]:{IngestPort}",
        rules = DemoServices.Rules,
        epochSeconds = Math.Clamp(_contextSeconds / EpochsInAContext, 1, LongestEpochSeconds),
        contextSeconds = _contextSeconds,
        pathMtu = PathMtu,
        statusSocket = StatusSocket(name),
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
