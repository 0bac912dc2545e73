using System.CommandLine;
using Pdm6.Capture;
using Pdm6.Capture.Analysis;
using Pdm6.Capture.Live;
using Pdm6.Cli.Analysis;

namespace Pdm6.Cli.Verbs;

/// <summary><c>pdm6 capture</c>.</summary>
internal sealed class CaptureVerb : Verb
{
    private readonly Option<string[]> _interfaces = new("--interface", "-i") { Description = "Where to listen; may be repeated." };
    private readonly Option<string?> _output = new("--write", "-w") { Description = "The pcapng file to make (mode 0600)." };
    private readonly Option<string?> _announcements = new("--announcements")
    {
        Description = "Announcements (JSON array or JSON Lines), signed or of a laboratory, to put into the file.",
    };
    private readonly Option<double?> _seconds = new("--seconds") { Description = "How long; until Ctrl-C unless told." };
    private readonly Option<int> _snapLength = new("--snap-length", "-s") { Description = "Octets to keep of a packet; 0 for all." };
    private readonly Option<bool> _all = new("--all") { Description = "Keep every IPv6 packet, not only measured ones." };
    private readonly MarkOptions _marks = new();

    internal CaptureVerb() : base(
        "capture",
        "Captures packets that carry measurements, with the announcements that say what opens them.",
        "pdm6 capture -i eth0 -w measured.pcapng --announcements announcements.json --seconds 60")
    {
        Add(_interfaces);
        Add(_output);
        Add(_announcements);
        Add(_seconds);
        Add(_snapLength);
        Add(_all);
        _marks.AddTo(this);
        Add(new CaptureDecryptVerb());
        Add(new CaptureAnonymizeVerb());
        SetAction((parsed, stop) => Task.Run(() => Run(parsed, stop), CancellationToken.None));
    }

    private int Run(ParseResult parsed, CancellationToken stop)
    {
        string path = parsed.GetValue(_output) ?? throw new WrongUseException("Say where to write: --write FILE.");
        string[] interfaces = parsed.GetValue(_interfaces) is { Length: > 0 } named
            ? named
            : throw new WrongUseException("Say where to listen: --interface NAME.");
        LiveCapture capture = new(new LiveCaptureOptions
        {
            Interfaces = interfaces,
            SnapLength = parsed.GetValue(_snapLength),
            Duration = parsed.GetValue(_seconds) is { } seconds and > 0 ? TimeSpan.FromSeconds(seconds) : null,
            KeepsAll = parsed.GetValue(_all),
            Wire = _marks.Read(parsed),
        });
        List<ReadOnlyMemory<byte>> announcements = parsed.GetValue(_announcements) is { } file ? ReadAnnouncements(file) : [];
        bool isCaptured = false;
        // Not moved into place at the end: what was captured must be there whatever happens.
        using FileStream stream = new(path, new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.Write,
            BufferSize = 0,
            UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
        });
        try
        {
            using PcapngWriter writer = new(stream);
            LiveCaptureTally tally = capture.Run(writer, announcements, stop);
            isCaptured = true;
            parsed.InvocationConfiguration.Output.WriteLine(tally);
        }
        finally
        {
            if (!isCaptured && new FileInfo(path).Length == 0)
                File.Delete(path);
        }
        return ExitCode.Success;
    }

    private static List<ReadOnlyMemory<byte>> ReadAnnouncements(string file) =>
        AnnouncementDocuments.TrySplit(File.ReadAllBytes(file), out IReadOnlyList<AnnouncementDocument>? documents, out string? error)
            ? [.. documents.Select(document => document.Json)]
            : throw new WrongUseException($"--announcements {file}: {error}");
}
