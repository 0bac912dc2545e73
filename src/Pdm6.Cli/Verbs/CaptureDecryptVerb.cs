using System.CommandLine;
using Pdm6.Capture.Analysis;
using Pdm6.Capture.Decryption;
using Pdm6.Cli.Analysis;

namespace Pdm6.Cli.Verbs;

/// <summary><c>pdm6 capture decrypt</c>.</summary>
internal sealed class CaptureDecryptVerb : Verb
{
    private readonly Argument<string> _input = new("IN") { Description = "pcap or pcapng, also compressed with gzip." };
    private readonly Argument<string> _output = new("OUT") { Description = "The pcapng file to make (mode 0600)." };
    private readonly Option<bool> _force = new("--force") { Description = "Replace a file that is there." };
    private readonly CaptureKeyOptions _keys = new();

    internal CaptureDecryptVerb() : base(
        "decrypt",
        "Copies a capture with the measurements that open in clear, for Wireshark and others without the keys.",
        "pdm6 capture decrypt client.pcapng clear.pcapng --announcements announcements.json --key-file lab.key")
    {
        Add(_input);
        Add(_output);
        Add(_force);
        _keys.AddTo(this);
        SetAction((parsed, stop) => Task.FromResult(Run(parsed, stop)));
    }

    private int Run(ParseResult parsed, CancellationToken stop)
    {
        using CaptureKeys keys = _keys.Load(parsed);
        CaptureDecryptor decryptor = new(keys, _keys.Wire(parsed));
        int code = CopyRun.Run(
            parsed, parsed.GetRequiredValue(_input), parsed.GetRequiredValue(_output), parsed.GetValue(_force),
            (capture, copy, progress) => decryptor.Decrypt(capture, copy, progress, stop), tally => tally.Total > 0);
        CaptureKeyOptions.Report(keys, parsed.InvocationConfiguration.Error);
        return code;
    }
}
