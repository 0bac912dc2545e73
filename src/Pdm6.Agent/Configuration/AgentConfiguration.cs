using System.Buffers;
using System.Globalization;
using System.Text.Json;
using Pdm6.Agent.Keys;
using Pdm6.Datapath;
using Pdm6.Security.Identity;
using Pdm6.Wire;

namespace Pdm6.Agent.Configuration;

/// <summary>What an agent is told before it starts: one JSON file, comments and trailing commas allowed.</summary>
public sealed record AgentConfiguration
{
    private const int LongestName = 64;
    private const int LargestFile = 1 << 20;
    private const int SecondsOfADay = 24 * 60 * 60;

    private static readonly string[] s_settings =
    [
        "name", "interfaces", "identity", "registrar", "analyzers", "keyFile", "collector", "addresses", "rules", "packetsPerSecond",
        "epochSeconds", "contextSeconds", "pathMtu", "watchPaths", "flowTableSize", "optionType", "udpOptionExId", "strip",
        "acceptClearOptions", "framePorts", "unregisteredDestinations", "statusSocket",
    ];

    private static readonly JsonDocumentOptions s_json = new()
    {
        AllowTrailingCommas = true,
        CommentHandling = JsonCommentHandling.Skip,
        AllowDuplicateProperties = false,
    };

    private static readonly SearchValues<char> s_nameCharacters =
        SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-_");

    /// <summary>What people call this host.</summary>
    public required string Name { get; init; }
    /// <summary>Interfaces to attach to.</summary>
    public required IReadOnlyList<string> Interfaces { get; init; }
    /// <summary>The directory of this host's identity; null with a key file.</summary>
    public string? Identity { get; init; }
    /// <summary>The registrar; null: the one that the identity was enrolled with.</summary>
    public Uri? Registrar { get; init; }
    /// <summary>Identity fingerprints of the analyzers that may open what this host measures, the collector among them.</summary>
    public IReadOnlyList<Fingerprint> Analyzers { get; init; } = [];
    /// <summary>Path of the key file of a laboratory; null with an identity.</summary>
    public string? KeyFile { get; init; }
    /// <summary>Where observations go.</summary>
    public required Uri Collector { get; init; }
    /// <summary>Addresses to measure from; null: the interfaces' global unicast addresses.</summary>
    public IReadOnlyList<Ipv6Address>? Addresses { get; init; }
    /// <summary>Policy; the first rule that fits decides.</summary>
    public required IReadOnlyList<RuleConfiguration> Rules { get; init; }
    /// <summary>Packets that get an option in a second, under all rules together; 0: no cap.</summary>
    public int PacketsPerSecond { get; init; }
    /// <summary>Length of an epoch.</summary>
    public int EpochSeconds { get; init; } = 60;
    /// <summary>Length of a context.</summary>
    public int ContextSeconds { get; init; } = SecondsOfADay;
    /// <summary>The largest packet that the option may make.</summary>
    public int PathMtu { get; init; } = 1280;
    /// <summary>Ask other agents which forms of the option arrive, and leave out what does not.</summary>
    public bool WatchPaths { get; init; } = true;
    /// <summary>Flows measured at a time.</summary>
    public int FlowTableSize { get; init; } = 65536;
    /// <summary>The IPv6 option type.</summary>
    public byte OptionType { get; init; } = Pdmv2OptionView.DefaultOptionType;
    /// <summary>The ExID of the UDP option (RFC 9868 section 11.9), not 0.</summary>
    public ushort UdpOptionExId { get; init; } = UdpOption.DefaultExId;
    /// <summary>Take the option off received packets.</summary>
    public bool Strip { get; init; }
    /// <summary>Let received options in clear count, unless their source has a live context.</summary>
    public bool AcceptClearOptions { get; init; }
    /// <summary>UDP ports at which udp-frames are received, besides those of the rules.</summary>
    public IReadOnlyList<PortRange> FramePorts { get; init; } = [];
    /// <summary>Send options to hosts that announced nothing.</summary>
    public bool UnregisteredDestinations { get; init; }
    /// <summary>Path of the status socket.</summary>
    public required string StatusSocket { get; init; }

    /// <summary>Some rule sends udp-frames.</summary>
    internal bool SendsFrames => Rules.Any(rule => rule.Policy.Carriage == PacketCarriage.UdpFrame);

    internal KeyRotation Rotation => new((ulong)EpochSeconds * 1_000_000_000, (ulong)ContextSeconds * 1_000_000_000);

    /// <summary>A commented configuration that loads.</summary>
    public static string Example
    {
        get
        {
            using StreamReader reader = new(typeof(AgentConfiguration).Assembly.GetManifestResourceStream("example.jsonc")!);
            return reader.ReadToEnd();
        }
    }

    /// <summary>Reads a configuration file. Relative paths in it are relative to the file.</summary>
    /// <exception cref="AgentException">It cannot be read, or says something that cannot be.</exception>
    public static AgentConfiguration Load(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        try
        {
            FileInfo file = new(path);
            if (file.Exists && file.Length > LargestFile)
                throw new AgentException("it is larger than 1 MiB, which no configuration is");
            return Parse(File.ReadAllBytes(path), Path.GetDirectoryName(Path.GetFullPath(path))!);
        }
        catch (AgentException error)
        {
            throw new AgentException($"{path}: {error.Message}", error);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new AgentException($"{path} cannot be read ({error.Message.TrimEnd('.')}); give the path of a configuration file", error);
        }
    }

    /// <summary>Reads a configuration.</summary>
    /// <param name="utf8">The text.</param>
    /// <param name="directory">What relative paths are relative to.</param>
    /// <exception cref="AgentException">It says something that cannot be.</exception>
    internal static AgentConfiguration Parse(ReadOnlyMemory<byte> utf8, string directory)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(utf8, s_json);
            return Read(new ConfigurationObject(document.RootElement, "", s_settings), directory);
        }
        catch (JsonException error)
        {
            throw new AgentException(
                $"line {(error.LineNumber ?? 0) + 1} is not JSON; compare with 'pdm6 agent config example'", error);
        }
    }

    internal static void RequireName(string name, string setting)
    {
        if (name.Length > LongestName || name.AsSpan().ContainsAnyExcept(s_nameCharacters))
            throw new AgentException(
                $"{setting}: a name has at most {LongestName} letters, digits, dots, hyphens and underscores");
    }

    private static AgentConfiguration Read(ConfigurationObject settings, string directory)
    {
        string name = settings.RequiredText("name", "\"host-a\"");
        RequireName(name, settings.Name("name"));
        int position = 0;
        AgentConfiguration configuration = new()
        {
            Name = name,
            Interfaces = settings.RequiredList("interfaces", "[\"eth0\"]", item => settings.Parsed<string>(
                "interfaces", item, TryInterfaceName, "the name of an interface; write it like \"eth0\"")),
            Identity = ReadPath(settings, "identity", directory),
            Registrar = settings.OptionalText("registrar") is { } registrar ? HttpsAddress(registrar, "registrar", 8652) : null,
            Analyzers = ReadAnalyzers(settings),
            KeyFile = ReadPath(settings, "keyFile", directory),
            Collector = ReadCollector(settings),
            Addresses = settings.OptionalList("addresses", item => settings.Parsed<Ipv6Address>(
                "addresses", item, Ipv6Address.TryParse, "an IPv6 address; write it like \"2001:db8::1\"")),
            Rules = settings.RequiredList("rules", "[{ \"name\": \"all\" }]", item => RuleConfiguration.Read(item, position++)),
            PacketsPerSecond = settings.Number("packetsPerSecond", 0, 1, 1_000_000_000),
            EpochSeconds = settings.Number("epochSeconds", 60, 1, SecondsOfADay / 2),
            ContextSeconds = settings.Number("contextSeconds", SecondsOfADay, 1, SecondsOfADay),
            PathMtu = settings.Number("pathMtu", 1280, 1280, ushort.MaxValue),
            FlowTableSize = settings.Number("flowTableSize", 65536, 1, 1 << 24),
            OptionType = ReadOptionType(settings),
            UdpOptionExId = ReadExId(settings),
            Strip = settings.Flag("strip", false),
            WatchPaths = settings.Flag("watchPaths", true),
            AcceptClearOptions = settings.Flag("acceptClearOptions", false),
            FramePorts = settings.OptionalList("framePorts", item => RuleConfiguration.ReadPorts(settings, "framePorts", item)) ?? [],
            UnregisteredDestinations = settings.Flag("unregisteredDestinations", false),
            StatusSocket = Path.GetFullPath(settings.OptionalText("statusSocket") ?? $"/run/pdm6/{name}.sock", directory),
        };
        configuration.RequireOneWayToKeys(settings);
        RequireDistinct(configuration.Interfaces, "\"interfaces\"");
        RequireDistinct([.. configuration.Analyzers.Select(analyzer => analyzer.ToString())], "\"analyzers\"");
        RequireDistinct([.. configuration.Rules.Select(rule => rule.Name)], "\"rules\"");
        if (configuration.Addresses is not null)
            RequireDistinct([.. configuration.Addresses.Select(address => address.ToString())], "\"addresses\"");
        if (configuration.Rules.Count > PolicyTables.MaxRules)
            throw new AgentException($"\"rules\": at most {PolicyTables.MaxRules} rules are possible, not {configuration.Rules.Count}");
        configuration.RequireOwnInterfaces();
        return configuration;
    }

    private void RequireOwnInterfaces()
    {
        for (int i = 0; i < Rules.Count; i++)
            foreach (string name in Rules[i].Interfaces)
                if (!Interfaces.Contains(name))
                    throw new AgentException($"rule {i + 1}: \"interfaces\": {name} is not one that is measured; add it to the list \"interfaces\" of the file, or take it out");
    }

    private static Uri ReadCollector(ConfigurationObject settings) =>
        HttpsAddress(settings.RequiredText("collector", "\"https://[2001:db8::100]:8651\""), "collector", 8651);

    private static Uri HttpsAddress(string text, string setting, int port) =>
        Uri.TryCreate(text, UriKind.Absolute, out Uri? uri) && uri.Scheme == Uri.UriSchemeHttps && uri.PathAndQuery == "/"
            ? uri
            : throw new AgentException($"\"{setting}\": {text} is not a {setting}; write it like \"https://[2001:db8::100]:{port}\"");

    private static string? ReadPath(ConfigurationObject settings, string setting, string directory) =>
        settings.OptionalText(setting) is { } path ? Path.GetFullPath(path, directory) : null;

    private static IReadOnlyList<Fingerprint> ReadAnalyzers(ConfigurationObject settings) =>
        settings.OptionalList("analyzers", item => settings.Parsed<Fingerprint>(
            "analyzers", item, Fingerprint.TryParse, "a fingerprint; write the 64 hex digits that 'pdm6 keys show' prints on the analyzer's host"),
            mayBeEmpty: true) ?? [];

    private void RequireOneWayToKeys(ConfigurationObject settings)
    {
        if (Identity is null && KeyFile is null)
            throw new AgentException(
                "\"identity\" is missing; enroll this host ('pdm6 enroll --help') and write for example \"identity\": "
                + "\"/var/lib/pdm6/identity\"; or, in a laboratory, \"keyFile\"");
        if (Identity is not null && KeyFile is not null)
            throw new AgentException("\"identity\" and \"keyFile\" exclude each other; keep one");
        if (Identity is null && (settings.Has("registrar") || settings.Has("analyzers")))
            throw new AgentException("\"registrar\" and \"analyzers\" go with \"identity\"; take them out, or \"keyFile\"");
        if (Identity is not null && !settings.Has("analyzers"))
            throw new AgentException(
                "\"analyzers\" is missing; list the fingerprints of those that may open what this host measures ('pdm6 keys show' "
                + "on the collector), or write [] if nobody may");
    }

    private static byte ReadOptionType(ConfigurationObject settings)
    {
        string text = settings.OptionalText("optionType") ?? "0x1e";
        // RFC 8200 section 4.2: high bits 00 make those who do not know the option skip it. 0 and 1 are padding, 0x0f is PDM.
        return text.StartsWith("0x", StringComparison.OrdinalIgnoreCase)
            && byte.TryParse(text.AsSpan(2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out byte type)
            && type is > 1 and < 0x40 and not 0x0f
            ? type
            : throw new AgentException($"\"optionType\": {text} cannot be PDMv2's; write two hex digits from \"0x02\" to \"0x3f\", but not \"0x0f\"");
    }

    private static ushort ReadExId(ConfigurationObject settings)
    {
        if (settings.OptionalText("udpOptionExId") is not { } text)
            return UdpOption.DefaultExId;
        // 0 is what an announcement has that says nothing of it.
        return text.StartsWith("0x", StringComparison.OrdinalIgnoreCase)
            && ushort.TryParse(text.AsSpan(2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out ushort exId) && exId != 0
            ? exId
            : throw new AgentException($"\"udpOptionExId\": {text} is not an ExID; write four hex digits from \"0x0001\" to \"0xffff\"");
    }

    internal static bool TryInterfaceName(ReadOnlySpan<char> text, out string name)
    {
        name = text.ToString();
        return name.Length is > 0 and < 16 && !name.Contains('/') && !name.Any(char.IsWhiteSpace);
    }

    private static void RequireDistinct(IReadOnlyList<string> names, string setting)
    {
        foreach (string name in names)
            if (names.Count(other => other == name) > 1)
                throw new AgentException($"{setting}: {name} is there twice; take one out");
    }
}
