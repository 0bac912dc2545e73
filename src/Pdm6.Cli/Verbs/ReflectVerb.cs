using System.CommandLine;
using Pdm6.Capture.Analysis;
using Pdm6.Cli.Probing;
using Pdm6.Probe;
using Pdm6.Probe.Reflecting;
using Pdm6.Probe.Registered;
using Pdm6.Security;

namespace Pdm6.Cli.Verbs;

/// <summary><c>pdm6 reflect</c>.</summary>
internal sealed class ReflectVerb : Verb
{
    internal ReflectVerb() : base(
        "reflect",
        "Answers probes that authenticate, and records what kernels send in udp-frames.",
        "pdm6 reflect --listen [::]:8250 --key-file /etc/pdm6/lab.key")
    {
        ReflectorLimits usual = ReflectorLimits.Usual;
        Option<string?> listen = new("--listen") { HelpName = "[ADDRESS]:PORT", Description = "Address and port, as in [::]:8250; all addresses and the protocol's port unless told." };
        Option<string?> keyFile = new("--key-file") { HelpName = "FILE", Description = "The key shared with the probers. udp-frame needs one; STAMP is authenticated with one." };
        Option<string?> identity = ProbeOptions.Identity();
        Option<string> protocol = ProbeOptions.Protocol();
        Option<string?> log = new("--log") { HelpName = "FILE", Description = "Append every frame that was opened to this file (JSON Lines; udp-frame only)." };
        Option<string?> announcements = new("--announcements")
        {
            HelpName = "FILE",
            Description = "Announcements of agents (JSON array): opens and records the frames that their kernels send, with --key-file.",
        };
        Option<string?> @interface = new("-I", "--interface") { HelpName = "INTERFACE", Description = "Listen on this interface only." };
        Option<int> rate = new("--rate-limit") { HelpName = "PER_SECOND", Description = "Replies a second to one source.", DefaultValueFactory = _ => usual.RepliesPerSecond };
        Option<int> probers = new("--max-probers") { HelpName = "COUNT", Description = "Probers at the same time.", DefaultValueFactory = _ => usual.Probers };
        Option<double> tolerance = new("--clock-tolerance")
        {
            HelpName = "SECONDS",
            Description = "A prober's clock may differ from this host's by so many seconds.",
            DefaultValueFactory = _ => usual.ClockTolerance.TotalSeconds,
        };
        Option<bool> stateless = new("--stateless") { Description = "STAMP: number replies as their requests." };
        Option<string> timestamps = ProbeOptions.Timestamps();
        Option<double?> clockError = ProbeOptions.ClockError();
        foreach (Option option in new Option[] { listen, keyFile, identity, protocol, log, announcements, @interface, rate, probers, tolerance, stateless, timestamps, clockError })
            Add(option);
        SetAction(async (parsed, stop) =>
        {
            TextWriter errors = parsed.InvocationConfiguration.Error;
            ProbeProtocol spoken = ProbeOptions.ProtocolOf(parsed.GetRequiredValue(protocol));
            ListenAddress address = ListenAddress.Parse(parsed.GetValue(listen), ProbePorts.Of(spoken));
            if (parsed.GetValue(rate) < 1 || parsed.GetValue(probers) < 1 || !(parsed.GetValue(tolerance) is > 0 and <= 86_400))
                throw new WrongUseException("--rate-limit and --max-probers begin at 1; --clock-tolerance is above 0 and at most a day.");
            if (spoken == ProbeProtocol.Stamp && parsed.GetValue(log) is not null)
                throw new WrongUseException("--log records udp-frames; STAMP has none.");
            if (parsed.GetValue(announcements) is not null && (spoken == ProbeProtocol.Stamp || parsed.GetValue(keyFile) is null))
                throw new WrongUseException("--announcements goes with --key-file FILE, which gives the secrets of the contexts; STAMP has none.");
            ProbeOptions.CheckKeys(spoken, parsed.GetValue(keyFile), parsed.GetValue(identity));
            // A system that cannot protect the key is no reason not to run.
            foreach (string refused in ProcessMemory.Protect())
                await errors.WriteLineAsync($"pdm6 reflect: {refused}").ConfigureAwait(false);
            using KeyFile? key = parsed.GetValue(keyFile) is { } path ? KeyFile.Load(path) : null;
            RegisteredReflector? granted = parsed.GetValue(identity) is { } directory
                ? await RegisteredReflector.OpenAsync(
                    directory, address.Address, line => errors.WriteLine($"pdm6 reflect: {line}"), stop).ConfigureAwait(false)
                : null;
            try
            {
                using Reflector reflector = Reflector.Open(new ReflectorOptions
                {
                    Protocol = spoken,
                    Address = address.Address,
                    Port = address.Port,
                    Interface = parsed.GetValue(@interface),
                    Key = key,
                    FrameKeys = granted,
                    Announcements = parsed.GetValue(announcements) is { } contexts ? ReadAnnouncements(contexts) : [],
                    LogPath = parsed.GetValue(log),
                    Limits = new ReflectorLimits(
                        parsed.GetValue(rate), parsed.GetValue(probers), usual.Sources, TimeSpan.FromSeconds(parsed.GetValue(tolerance))),
                    IsStateful = !parsed.GetValue(stateless),
                    TimestampFormat = ProbeOptions.TimestampFormatOf(parsed.GetRequiredValue(timestamps)),
                    ClockError = ProbeOptions.ClockErrorOf(parsed.GetValue(clockError)),
                });
                // A thread of its own: it waits in the kernel.
                await Task.Factory.StartNew(
                    () => Run(reflector, address with { Port = reflector.Port }, errors, stop),
                    CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default).ConfigureAwait(false);
                return ExitCode.Success;
            }
            finally
            {
                if (granted is not null)
                    await granted.DisposeAsync().ConfigureAwait(false);
            }
        });
    }

    private static IReadOnlyList<Announcement> ReadAnnouncements(string file)
    {
        if (!AnnouncementDocuments.TrySplit(File.ReadAllBytes(file), out IReadOnlyList<AnnouncementDocument>? documents, out string? error))
            throw new WrongUseException($"--announcements {file}: {error}");
        return documents.All(document => document.Announcement is not null)
            ? [.. documents.Select(document => document.Announcement!)]
            : throw new WrongUseException(
                $"--announcements {file}: signed announcements hold no secret for a reflector; their captures are for 'pdm6 analyze --analyzer-key'.");
    }

    private static void Run(Reflector reflector, ListenAddress address, TextWriter errors, CancellationToken stop)
    {
        errors.WriteLine($"pdm6 reflect: listening on {address}");
        reflector.Run(stop);
        IEnumerable<string> counted = Enum.GetValues<ReflectorOutcome>()
            .Where(outcome => reflector.Counters[outcome] > 0)
            .Select(outcome => $"{reflector.Counters[outcome]} {NameOf(outcome)}");
        string drops = reflector.SocketDrops is > 0 and var dropped ? $"; the kernel dropped {dropped} more" : "";
        errors.WriteLine($"pdm6 reflect: {reflector.Counters.Received} datagrams: {string.Join(", ", counted.DefaultIfEmpty("none"))}{drops}");
    }

    private static string NameOf(ReflectorOutcome outcome) => outcome switch
    {
        ReflectorOutcome.Answered => "answered",
        ReflectorOutcome.OneWay => "one-way",
        ReflectorOutcome.Limited => "over the rate limit",
        ReflectorOutcome.Replayed => "copies",
        ReflectorOutcome.Stale => "stale (the sender's clock differs too much, or a replay)",
        ReflectorOutcome.AuthenticationFailed => "not authentic",
        ReflectorOutcome.NoKey => "for another key",
        ReflectorOutcome.Clear => "not encrypted",
        ReflectorOutcome.Malformed => "malformed",
        ReflectorOutcome.UnknownVersion => "of an unknown version",
        ReflectorOutcome.Oversized => "too large",
        ReflectorOutcome.IsReply => "replies sent back",
        ReflectorOutcome.NoRoom => "of probers without room",
        _ => throw new ArgumentOutOfRangeException(nameof(outcome), outcome, "No such outcome."),
    };
}
