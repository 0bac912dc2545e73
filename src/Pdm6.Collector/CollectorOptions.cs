using System.Net;

namespace Pdm6.Collector;

/// <summary>What a collector is told before it starts.</summary>
public sealed record CollectorOptions
{
    /// <summary><see cref="Store"/> of a collector that forgets everything when it stops.</summary>
    public const string MemoryStore = ":memory:";

    /// <summary>Path of the key file that agents and collector share.</summary>
    public required string KeyFile { get; init; }

    /// <summary>Where agents report to, over TLS. Port 0 lets the system choose.</summary>
    public IPEndPoint Ingest { get; init; } = new(IPAddress.IPv6Any, 8651);

    /// <summary>Where people and Prometheus look: a loopback address, plain HTTP. Port 0 lets the system choose.</summary>
    public IPEndPoint Web { get; init; } = new(IPAddress.IPv6Loopback, 8650);

    /// <summary>Path of the SQLite file, or <see cref="MemoryStore"/>.</summary>
    public string Store { get; init; } = MemoryStore;

    /// <summary>How long windows are kept. Totals of the whole run stay.</summary>
    public TimeSpan Retention { get; init; } = TimeSpan.FromDays(7);

    /// <summary>A commented configuration with every setting at its default.</summary>
    public static string Example => """
        {
          // The key file that agents and collector share: 64 hex digits, mode 0600.
          "keyFile": "/etc/pdm6/lab.key",

          // Where agents report to. TLS 1.3; both sides are known by keys derived from the key file.
          "ingest": "[::]:8651",

          // The page, the REST interface and /metrics. There is no authentication yet, so only a loopback address
          // is taken; from another machine: ssh -L 8650:[::1]:8650 this-host
          "web": "[::1]:8650",

          // The SQLite file, or ":memory:" to forget everything on stop.
          "store": "/var/lib/pdm6/collector.db",

          // How long the windows of one second are kept. Totals of the whole run stay.
          "retentionHours": 168
        }
        """;

    /// <summary>Reads a configuration file: JSON with comments. Relative paths in it are relative to the file.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="CollectorConfigurationException">It cannot be read or says something that cannot be.</exception>
    public static CollectorOptions Load(string path) => ConfigurationFile.Load(path);

    /// <summary>Checks what no single setting shows.</summary>
    /// <exception cref="CollectorConfigurationException">The page would be open to the network.</exception>
    public void Validate()
    {
        if (!IPAddress.IsLoopback(Web.Address))
            throw new CollectorConfigurationException(
                $"web: {Web} is not a loopback address; the page has no authentication yet, use a loopback address "
                + "such as [::1]:8650 and an SSH tunnel");
        if (Retention < TimeSpan.FromHours(1) || Retention > TimeSpan.FromDays(3660))
            throw new CollectorConfigurationException(
                "retentionHours: keep windows for 1 to 87840 hours");
    }
}
