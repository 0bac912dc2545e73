using System.CommandLine;
using Pdm6.Cli.Probing;
using Pdm6.Export;
using Pdm6.Probe;
using Pdm6.Probe.Registered;
using Pdm6.Probe.Reports;
using Pdm6.Security;
using Pdm6.Security.Identity;
using Pdm6.Wire;

namespace Pdm6.Cli.Verbs;

/// <summary><c>pdm6 probe</c>.</summary>
internal sealed class ProbeVerb : Verb
{
    private const long RequestsOfARound = 10;

    private static readonly Dictionary<string, ReportFormat> s_formats = new()
    {
        ["text"] = ReportFormat.Text,
        ["table"] = ReportFormat.Table,
        ["json"] = ReportFormat.Json,
        ["jsonl"] = ReportFormat.JsonLines,
        ["csv"] = ReportFormat.Csv,
        ["atlas"] = ReportFormat.Atlas,
        ["pscheduler"] = ReportFormat.PScheduler,
        ["prometheus"] = ReportFormat.Prometheus,
    };

    private readonly Argument<string[]> _hosts = new("HOST") { Description = "Who is asked: a name or an IPv6 address.", Arity = ArgumentArity.ZeroOrMore };
    private readonly Option<string?> _targetsFile = new("--targets-file") { HelpName = "FILE", Description = "Hosts to ask besides those named, 'host' or 'name host' a line." };
    private readonly Option<string?> _mesh = new("--mesh") { HelpName = "FILE", Description = "Hosts that ask each other, 'name address' a line: ask all but this one." };
    private readonly Option<double?> _every = new("--every") { HelpName = "SECONDS", Description = "Ask again, round after round, each beginning so many seconds after the last; 10 requests unless -c says." };
    private readonly Option<string?> _reportTo = new("--report-to") { HelpName = "URL", Description = "Tell a collector of each round, as in https://[2001:db8::1]:8651; both know each other by the key file or the registrar." };
    private readonly Option<string?> _analyzer = new("--analyzer") { HelpName = "FINGERPRINT", Description = "With --identity: the collector that may be told." };
    private readonly Option<string?> _name = new("--name") { HelpName = "NAME", Description = "What to call this host there (with --identity the name that it is enrolled under, and no other)." };
    private readonly Option<long?> _count = new("-c", "--count") { HelpName = "COUNT", Description = "Stop after so many requests to each host." };
    private readonly Option<double?> _interval = new("-i", "--interval") { HelpName = "SECONDS", Description = "Seconds between two requests to a host (1 unless told)." };
    private readonly Option<long?> _rate = new("--rate") { HelpName = "PER_SECOND", Description = "Requests a second to each host, instead of -i." };
    private readonly Option<int?> _size = new("-s", "--size") { HelpName = "OCTETS", Description = "Octets of a request's UDP payload; the reply has as many." };
    private readonly Option<double?> _deadline = new("-w", "--deadline") { HelpName = "SECONDS", Description = "Seconds after which all ends." };
    private readonly Option<double?> _duration = new("--duration") { HelpName = "SECONDS", Description = "Seconds to send for; then replies are waited for." };
    private readonly Option<double> _timeout = new("-W", "--timeout") { HelpName = "SECONDS", Description = "Seconds after which a request is lost.", DefaultValueFactory = _ => 2 };
    private readonly Option<bool> _quiet = new("-q", "--quiet") { Description = "No line for each reply." };
    private readonly Option<int?> _hopLimit = new("-t", "--hop-limit") { HelpName = "HOPS", Description = "Hop limit of requests, 1 to 255." };
    private readonly Option<string?> _from = new("-I", "--interface") { HelpName = "INTERFACE|ADDRESS", Description = "Interface to use, or source address." };
    private readonly Option<int?> _port = new("--port") { HelpName = "PORT", Description = $"Port of the reflectors ({ProbePorts.UdpFrame}; STAMP {ProbePorts.Stamp})." };
    private readonly Option<int> _dscp = new("--dscp") { HelpName = "0..63", Description = "DSCP of requests, 0 to 63." };
    private readonly Option<string?> _flowLabel = new("--flow-label") { HelpName = "LABEL", Description = "Flow label of requests, 20 bits, as 74565 or 0x12345; 0: the system's choice." };
    private readonly Option<string?> _keyFile = new("--key-file") { HelpName = "FILE", Description = "The key shared with the reflectors. udp-frame needs one; STAMP is authenticated with one." };
    private readonly Option<string?> _identity = ProbeOptions.Identity();
    private readonly Option<string> _protocol = ProbeOptions.Protocol();
    private readonly Option<bool> _stateful = new("--stateful") { Description = "STAMP: the reflector numbers its replies itself, so losses have a direction." };
    private readonly Option<string> _timestamps = ProbeOptions.Timestamps();
    private readonly Option<double?> _clockError = ProbeOptions.ClockError();
    private readonly Option<string> _format = new("--format") { Description = "How results are written: text, or table for a mesh, unless told." };

    internal ProbeVerb() : base(
        "probe",
        "Asks reflectors: round trip without the reflector's own time, loss, duplicates and reordering each way.",
        "pdm6 probe 2001:db8::1 -c 10 --key-file /etc/pdm6/lab.key")
    {
        _format.AcceptOnlyFromAmong([.. s_formats.Keys]);
        Add(_hosts);
        foreach (Option option in new Option[]
        {
            _targetsFile, _mesh, _every, _reportTo, _analyzer, _name, _count, _interval, _rate, _size, _deadline, _duration, _timeout, _quiet, _hopLimit, _from, _port,
            _dscp, _flowLabel, _keyFile, _identity, _protocol, _stateful, _timestamps, _clockError, _format,
        })
            Add(option);
        SetAction(RunAsync);
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken stop)
    {
        // What the system does not grant is not said here: the run is short, and its output is often a program's.
        _ = ProcessMemory.Protect();
        using KeyFile? key = parsed.GetValue(_keyFile) is { } path ? KeyFile.Load(path) : null;
        Mesh? mesh = parsed.GetValue(_mesh) is { } file ? Mesh.Read(file) : null;
        ProberOptions options = await ReadOptionsAsync(parsed, key, mesh, stop).ConfigureAwait(false);
        Uri? reportTo = ReadCollector(parsed.GetValue(_reportTo));
        TextWriter errors = parsed.InvocationConfiguration.Error;
        RegisteredProber? granted = parsed.GetValue(_identity) is { } directory
            ? await RegisteredProber.OpenAsync(
                directory, options.Targets, options.Source, line => errors.WriteLine($"pdm6 probe: {line}"), stop).ConfigureAwait(false)
            : null;
        try
        {
            using LabIdentity? shared = reportTo is null || key is null ? null : LabIdentity.ForAgent(key.Secret);
            using CollectorClient? collector = reportTo is null
                ? null
                : new CollectorClient(reportTo, (IPeerIdentity?)shared ?? ReporterOf(parsed, granted));
            ProbeRounds rounds = Rounds(parsed, options, mesh, granted, collector);
            // A thread of its own: the waits of a prober are the kernel's, to the microsecond.
            return await Task.Factory.StartNew(
                () => rounds.Run(errors, stop),
                CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default).ConfigureAwait(false);
        }
        finally
        {
            if (granted is not null)
                await granted.DisposeAsync().ConfigureAwait(false);
        }
    }

    private ProbeRounds Rounds(ParseResult parsed, ProberOptions options, Mesh? mesh, RegisteredProber? granted, CollectorClient? collector)
    {
        ReportFormat format = s_formats[parsed.GetValue(_format) ?? (mesh is null ? "text" : "table")];
        bool isLive = format == ReportFormat.Text && IsLive(parsed, options);
        TextWriter output = parsed.InvocationConfiguration.Output;
        return new ProbeRounds(
            isLive ? options with { ProgressEvery = TimeSpan.FromMilliseconds(200) } : options,
            () => ProbeReport.Create(format, output, parsed.GetValue(_quiet), isLive),
            Seconds(parsed.GetValue(_every), "--every"), granted, collector,
            parsed.GetValue(_name) ?? granted?.Identity.Name ?? mesh?.Own ?? Environment.MachineName);
    }

    private bool IsLive(ParseResult parsed, ProberOptions options)
    {
        const long readableNs = 100_000_000; // nobody reads more lines than ten a second
        bool isTerminal = parsed.InvocationConfiguration.Output == Console.Out && !Console.IsOutputRedirected;
        return isTerminal && (parsed.GetValue(_quiet) || options.Targets.Count > 1 || options.Pace.DueNs(1) < readableNs);
    }

    private async Task<ProberOptions> ReadOptionsAsync(ParseResult parsed, KeyFile? key, Mesh? mesh, CancellationToken stop)
    {
        ProbeProtocol protocol = ProbeOptions.ProtocolOf(parsed.GetRequiredValue(_protocol));
        ProbeOptions.CheckKeys(protocol, parsed.GetValue(_keyFile), parsed.GetValue(_identity));
        ushort port = (ushort)InRange(parsed.GetValue(_port) ?? ProbePorts.Of(protocol), 1, ushort.MaxValue, "--port");
        IEnumerable<(string Name, string Host)> named =
        [
            .. (parsed.GetValue(_hosts) ?? []).Select(host => (host, host)),
            .. TargetNames.ReadFile(parsed.GetValue(_targetsFile)).Select(TargetNames.ParseLine),
        ];
        (string Name, string Host)[] hosts = [.. mesh?.Others ?? [], .. named];
        string? from = parsed.GetValue(_from);
        bool isAddress = Ipv6Address.TryParse(from, out Ipv6Address source);
        return new ProberOptions
        {
            Targets = await TargetNames.ResolveAsync(hosts, port, isAddress ? null : from, stop).ConfigureAwait(false),
            Protocol = protocol,
            Key = key,
            Count = parsed.GetValue(_count) ?? (parsed.GetValue(_every) is null ? null : RequestsOfARound),
            Pace = ReadPace(parsed),
            Octets = parsed.GetValue(_size),
            Duration = Seconds(parsed.GetValue(_duration), "--duration"),
            Deadline = Seconds(parsed.GetValue(_deadline), "-w"),
            Timeout = Seconds(parsed.GetValue(_timeout), "-W")!.Value,
            Source = source,
            Interface = isAddress ? null : from,
            HopLimit = parsed.GetValue(_hopLimit) is { } hopLimit ? (byte)InRange(hopLimit, 1, 255, "-t") : null,
            Dscp = (byte)InRange(parsed.GetValue(_dscp), 0, 63, "--dscp"),
            FlowLabel = ProbeOptions.FlowLabelOf(parsed.GetValue(_flowLabel)),
            IsStateful = parsed.GetValue(_stateful),
            TimestampFormat = ProbeOptions.TimestampFormatOf(parsed.GetRequiredValue(_timestamps)),
            ClockError = ProbeOptions.ClockErrorOf(parsed.GetValue(_clockError)),
        };
    }

    private static Uri? ReadCollector(string? address) => address is null
        ? null
        : Uri.TryCreate(address, UriKind.Absolute, out Uri? parsed) && parsed.Scheme == Uri.UriSchemeHttps
            ? parsed
            : throw new WrongUseException($"'{address}' is no collector: write it as https://[2001:db8::1]:8651.");

    private EnrolledIdentity ReporterOf(ParseResult parsed, RegisteredProber? prober)
    {
        if (prober is null)
            throw new WrongUseException("The collector must know who reports: give --key-file FILE, or --identity DIRECTORY.");
        return Fingerprint.TryParse(parsed.GetValue(_analyzer), out Fingerprint collector)
            ? EnrolledIdentity.ForAgent(
                () => prober.Identity.TlsCertificate, prober.Identity.Authority, new HashSet<Fingerprint> { collector }, TimeProvider.System)
            : throw new WrongUseException("Say which collector may be told: give --analyzer FINGERPRINT ('pdm6 keys show --fingerprint' there).");
    }

    private Pace ReadPace(ParseResult parsed)
    {
        if (parsed.GetValue(_rate) is not { } rate)
            return Pace.Every(Seconds(parsed.GetValue(_interval) ?? 1, "-i")!.Value);
        if (parsed.GetValue(_interval) is not null)
            throw new WrongUseException("-i and --rate say the same in two ways: give one.");
        return Pace.PerSecond(InRange(rate, 1, 10_000_000, "--rate"));
    }

    private static TimeSpan? Seconds(double? value, string option) => value switch
    {
        null => null,
        >= 1e-6 and <= 86_400 * 365.0 => TimeSpan.FromTicks((long)(value.Value * TimeSpan.TicksPerSecond)),
        _ => throw new WrongUseException($"{option} is a number of seconds above 0."),
    };

    private static long InRange(long value, long least, long greatest, string option) => value >= least && value <= greatest
        ? value
        : throw new WrongUseException($"{option} is a number from {least} to {greatest}.");
}
