using System.Net;

namespace Pdm6.Collector;

/// <summary>What a collector is told before it starts.</summary>
public sealed record CollectorOptions
{
    /// <summary><see cref="Store"/> of a collector that forgets everything when it stops.</summary>
    public const string MemoryStore = ":memory:";

    /// <summary>A registrar in this process, with which the collector enrols itself; null if there is none. Exactly one of
    /// this, <see cref="Identity"/> and <see cref="KeyFile"/> is set.</summary>
    public EmbeddedRegistrar? Registrar { get; init; }

    /// <summary>The directory of an identity that was enrolled with a registrar elsewhere, as an analyzer; null if there is
    /// none.</summary>
    public string? Identity { get; init; }

    /// <summary>Path of the key file that agents and collector of a laboratory share; null without one.</summary>
    public string? KeyFile { get; init; }

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
          // The registrar, in this process: it knows who is who and passes sealed keys on. The collector enrols itself as
          // an analyzer; 'pdm6 registrar token create --data DIR --role endpoint ...' lets hosts in.
          "registrar": { "data": "/var/lib/pdm6/registrar", "listen": "[::]:8652" },

          // Instead, with a registrar elsewhere: the directory of this collector's identity, made by
          // 'pdm6 enroll URL --role analyzer ...'.
          // "identity": "/var/lib/pdm6/identity",

          // Instead, for laboratories: the key file that agents and collector share, 64 hex digits, mode 0600.
          // "keyFile": "/etc/pdm6/lab.key",

          // Where agents report to. TLS 1.3; both sides are known by their certificates.
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
        int ways = (Registrar is null ? 0 : 1) + (Identity is null ? 0 : 1) + (KeyFile is null ? 0 : 1);
        if (ways == 0)
            throw new CollectorConfigurationException(
                "nothing says how keys come here; give one of \"registrar\" (a registrar in this process), \"identity\" (a "
                + "registrar elsewhere) and \"keyFile\" (laboratories)");
        if (ways > 1)
            throw new CollectorConfigurationException("keys come one way only; keep one of \"registrar\", \"identity\" and \"keyFile\"");
        if (!IPAddress.IsLoopback(Web.Address))
            throw new CollectorConfigurationException(
                $"web: {Web} is not a loopback address; the page has no authentication yet, use a loopback address "
                + "such as [::1]:8650 and an SSH tunnel");
        if (Retention < TimeSpan.FromHours(1) || Retention > TimeSpan.FromDays(3660))
            throw new CollectorConfigurationException(
                "retentionHours: keep windows for 1 to 87840 hours");
    }
}
