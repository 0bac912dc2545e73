using System.CommandLine;
using Pdm6.Capture;
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
        TextWriter errors = parsed.InvocationConfiguration.Error;
        using CaptureKeys keys = _keys.Load(parsed);
        using CaptureReader capture = CaptureReader.Open(parsed.GetRequiredValue(_input));
        using AtomicFile file = new(parsed.GetRequiredValue(_output), parsed.GetValue(_force));
        DecryptionTally tally;
        using (PcapngWriter copy = new(file.Stream))
        {
            using (ProgressLine progress = new(errors, !Console.IsErrorRedirected))
                tally = new CaptureDecryptor(keys, _keys.Wire(parsed))
                    .Decrypt(capture, copy, () => progress.Show(capture.ReadShare), stop);
            copy.Flush();
            file.Commit();
        }
        parsed.InvocationConfiguration.Output.WriteLine(tally);
        if (capture.Problem is null)
            return ExitCode.Success;
        errors.WriteLine($"pdm6: {capture.Problem} What came before is in the copy.");
        return ExitCode.Failure;
    }
}
