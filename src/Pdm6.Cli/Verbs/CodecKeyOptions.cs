using System.CommandLine;
using Pdm6.Codec;

namespace Pdm6.Cli.Verbs;

/// <summary>The key files of both directions of <c>pdm6 codec</c>.</summary>
internal sealed class CodecKeyOptions
{
    private readonly Option<string?> _pairSecretFile = new("--pair-secret-file")
    {
        Description = "Pair secret: 64 hexadecimal digits in a file with mode 0600. Serves sealed options, and udp-frames "
            + "with flag bit 2, whose key id is the epoch.",
        HelpName = "FILE",
    };

    private readonly Option<string?> _keyFile = new("--key-file")
    {
        Description = "Raw key of udp-frames: 64 hexadecimal digits in a file with mode 0600. Serves frames without flag "
            + "bit 2, and all frames if there is no pair secret.",
        HelpName = "FILE",
    };

    internal void AddTo(Command verb)
    {
        verb.Add(_pairSecretFile);
        verb.Add(_keyFile);
    }

    internal CodecKeys Load(ParseResult parsed) =>
        CodecKeys.Load(parsed.GetValue(_pairSecretFile), parsed.GetValue(_keyFile));
}
