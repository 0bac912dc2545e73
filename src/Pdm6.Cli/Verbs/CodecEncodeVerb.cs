using Pdm6.Codec;

namespace Pdm6.Cli.Verbs;

/// <summary><c>pdm6 codec encode</c>.</summary>
internal sealed class CodecEncodeVerb : Verb
{
    private const string DetailsText = """
        Every line gets one answer, in order: lower-case hexadecimal digits, or {"error":"..."} with one sentence that names the
        member and says what to do. The exit code is 1 if any line got an error, 2 if the command could not start, else 0.
        Answers are flushed whenever no further line is waiting, so a program may write one line and read one answer.

        Members by "carriage"; those in [ ] may be left out. Numbers are JSON integers, octets hexadecimal digits:
          destopt-v1        psntp psnlr scaleDtlr scaleDtls deltaTlr deltaTls
          destopt-v2-clear  psntp psnlr globalPointer scaleDtlr scaleDtls deltaTlr deltaTls [optionType 30] [epoch 0]
          destopt-v2        the same and epoch flow [suite 2]; needs --pair-secret-file
          udp-option-clear  as destopt-v2-clear without optionType, and udpLength [exId 20557]
          udp-option        as destopt-v2 without optionType, and udpLength [exId 20557]; needs --pair-secret-file
          udp-frame         flags sequence timestampMicroseconds [keyId 0] [nonce] [suite 2] [tlvs []]
        flow: {"source","destination","protocol","sourcePort","destinationPort"}, for protocol 58
              {"source","destination","protocol":58,"icmpType","icmpCode","identifier"}
        suite: 1 AES-128-GCM, 2 AES-256-GCM. udpLength: the UDP Length field; an odd one puts a pad in front.
        flags: 1 encrypted (needs a key), 2 request, 4 key id. tlvs: [{"type":100,"value":"6b6d6f64"}]; nonce: 24 digits,
        fresh if left out. What 'pdm6 codec decode' adds (status, version, deltaTlrNs, deltaTlsNs) is passed over, so what it
        prints can be encoded again.

        Examples:
          echo '{"carriage":"destopt-v1","psntp":1,"psnlr":0,"scaleDtlr":0,"scaleDtls":0,"deltaTlr":0,"deltaTls":0}' \
            | pdm6 codec encode
          pdm6 key create pair.key; pdm6 codec encode --pair-secret-file pair.key < lines.json > lines.hex
        """;

    internal CodecEncodeVerb() : base(
        "encode",
        "Makes the octets of test packets: JSON objects in, one a line, hexadecimal digits out.",
        "pdm6 codec encode --pair-secret-file pair.key < lines.json",
        DetailsText)
    {
        CodecKeyOptions keyOptions = new();
        keyOptions.AddTo(this);
        SetAction(async (parsed, stop) =>
        {
            using CodecKeys keys = keyOptions.Load(parsed);
            return await StandardStreams.RunAsync(new LineEncoder(keys), stop).ConfigureAwait(false)
                ? ExitCode.Success
                : ExitCode.Failure;
        });
    }
}
