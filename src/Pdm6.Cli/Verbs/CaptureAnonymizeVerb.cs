using System.CommandLine;
using Pdm6.Capture.Analysis;
using Pdm6.Capture.Anonymization;
using Pdm6.Cli.Analysis;
using Pdm6.Security;

namespace Pdm6.Cli.Verbs;

/// <summary><c>pdm6 capture anonymize</c>.</summary>
internal sealed class CaptureAnonymizeVerb : Verb
{
    private readonly Argument<string> _input = new("IN") { Description = "pcap or pcapng, also compressed with gzip." };
    private readonly Argument<string> _output = new("OUT") { Description = "The pcapng file to make (mode 0600)." };
    private readonly Option<string> _key = new("--key-file")
    {
        Description = "The secret of the mapping (64 hex digits, mode 0600; 'pdm6 key create' makes one). The same gives the same addresses.",
        Required = true,
    };
    private readonly Option<bool> _keepPayload = new("--keep-payload") { Description = "Keep payloads. They may hold names and addresses." };
    private readonly Option<ushort> _framePort = new("--frame-port")
    {
        Description = "UDP port of udp-frames, whose payload is the measurement and stays.",
        DefaultValueFactory = _ => WireSettings.DefaultFramePort,
    };
    private readonly Option<bool> _force = new("--force") { Description = "Replace a file that is there." };

    internal CaptureAnonymizeVerb() : base(
        "anonymize",
        "Copies a capture with other addresses (prefix-preserving) and without payloads, so that it can be published.",
        "pdm6 capture anonymize clear.pcapng public.pcapng --key-file map.key")
    {
        Add(_input);
        Add(_output);
        Add(_key);
        Add(_keepPayload);
        Add(_framePort);
        Add(_force);
        SetAction((parsed, stop) => Task.FromResult(Run(parsed, stop)));
    }

    private int Run(ParseResult parsed, CancellationToken stop)
    {
        using KeyFile key = KeyFile.Load(parsed.GetRequiredValue(_key));
        using AddressAnonymizer addresses = new(key.Secret);
        CaptureAnonymizer anonymizer = new(
            addresses, new WireSettings { FramePort = parsed.GetValue(_framePort) }, parsed.GetValue(_keepPayload));
        return CopyRun.Run(
            parsed, parsed.GetRequiredValue(_input), parsed.GetRequiredValue(_output), parsed.GetValue(_force),
            (capture, copy, progress) => anonymizer.Anonymize(capture, copy, progress, stop), tally => tally.Written > 0);
    }
}
