using System.CommandLine;
using System.Text;
using Pdm6.Codec;
using Pdm6.Codec.Objects;
using Pdm6.Security;
using Pdm6.Wire;

namespace Pdm6.Cli.Verbs;

/// <summary><c>pdm6 codec decode</c>.</summary>
internal sealed class CodecDecodeVerb : Verb
{
    private const string DetailsText = """
        A line is hexadecimal digits, or {"hex":"...","carriage":...,"flow":{...},"suite":...,"udpLength":...}, of which only
        hex must be there; what it says goes before the options below. Every line gets one answer, in order, and no line stops
        the run: the exit code is 0 whatever the lines are (2 if the command could not start). Answers are flushed whenever no
        further line is waiting, so a program may write one line and read one answer.

        Answers begin with "status" and, if it could be told, "carriage":
          ok                     every field follows; times also in ns (deltaTlrNs, deltaTlsNs)
          malformed              "error" says what is wrong; no other field, because none may be used
          unknown-version        likewise
          authentication-failed  the tag is wrong, or a udp-frame is clear although a key for it is held
          no-key                 sealed, and the pair secret, key or flow is missing: only the clear fields follow
        Carriages: destopt-v1, destopt-v2-clear, destopt-v2, destopt-v2-legacy (drafts 11 to 14, shown and not opened),
        udp-option-clear, udp-option (the surplus area of the datagram), udp-frame (the UDP payload). Without a name, option
        types 30 and 15 mean a destination option, kind 127 with ExID 0x504d where our UDP option stands means udp-option, all
        else udp-frame.

        Examples:
          echo 0f0a0000000100000000 0000 | tr -d ' ' | pdm6 codec decode
          pdm6 codec decode --pair-secret-file pair.key \
            --flow '{"source":"2001:db8::1","destination":"2001:db8::2","protocol":17,"sourcePort":5353,"destinationPort":53}' \
            < lines.hex
        """;

    internal CodecDecodeVerb() : base(
        "decode",
        "Reads and opens the octets of packets: hexadecimal digits in, one item a line, JSON objects out.",
        "pdm6 codec decode --pair-secret-file pair.key < lines.hex",
        DetailsText)
    {
        CodecKeyOptions keyOptions = new();
        Option<string?> carriage = new("--carriage")
        {
            Description = "What the octets are, for lines that do not say.",
            HelpName = "NAME",
        };
        Option<string?> flow = new("--flow")
        {
            Description = "The flow of sealed options, a JSON object as in 'pdm6 codec encode --help', for lines that do not say.",
            HelpName = "JSON",
        };
        Option<int> suite = new("--suite")
        {
            Description = "1 AES-128-GCM, 2 AES-256-GCM, for lines that do not say; the wire does not name it.",
            DefaultValueFactory = _ => (int)Suite.Aes256Gcm,
            HelpName = "1|2",
        };
        keyOptions.AddTo(this);
        Add(carriage);
        Add(flow);
        Add(suite);
        SetAction(async (parsed, stop) =>
        {
            using CodecKeys keys = keyOptions.Load(parsed);
            DecodeDefaults defaults = new(
                CarriageOf(parsed.GetValue(carriage)), FlowOf(parsed.GetValue(flow)), SuiteOf(parsed.GetValue(suite)));
            using LineDecoder decoder = new(keys, defaults);
            await StandardStreams.RunAsync(decoder, stop).ConfigureAwait(false);
            return ExitCode.Success;
        });
    }

    private static CodecCarriage? CarriageOf(string? name) => name is null ? null
        : CodecCarriages.TryParse(Encoding.UTF8.GetBytes(name), out CodecCarriage carriage) ? carriage
        : throw new WrongUseException($"--carriage is one of {string.Join(", ", CodecCarriages.Names)}.");

    private static FlowKey? FlowOf(string? json) => json is null ? null
        : FlowJson.TryParse(json, out FlowKey flow, out string? error) ? flow
        : throw new WrongUseException($"--flow cannot be used ({error}).");

    private static Suite SuiteOf(int number) => number is 1 or 2
        ? (Suite)number
        : throw new WrongUseException("--suite is 1 (AES-128-GCM) or 2 (AES-256-GCM).");
}
