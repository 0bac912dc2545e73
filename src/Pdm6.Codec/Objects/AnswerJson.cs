using System.Buffers;
using System.Text.Json;
using Pdm6.Wire;

namespace Pdm6.Codec.Objects;

/// <summary>Writes the answer to one decoded line after the other: status, carriage, then what can be told.</summary>
internal sealed class AnswerJson : IDisposable
{
    // In the order of DecodeStatus.
    private static readonly JsonEncodedText[] s_statuses =
    [
        .. new[] { "ok", "malformed", "unknown-version", "authentication-failed", "no-key" }
            .Select(status => JsonEncodedText.Encode(status)),
    ];

    private readonly Utf8JsonWriter _json = new(Stream.Null);

    /// <summary>The name of a status in JSON.</summary>
    public static string NameOf(DecodeStatus status) => s_statuses[(int)status].Value;

    /// <summary>Turns to the next answer.</summary>
    public void Begin(IBufferWriter<byte> answer) => _json.Reset(answer);

    /// <summary>Opens the object with its status and, if it could be told, its carriage.</summary>
    public void WriteStatus(DecodeStatus status, CodecCarriage? carriage)
    {
        _json.WriteStartObject();
        _json.WriteString(Member.Status.Encoded(), s_statuses[(int)status]);
        if (carriage is { } known)
            _json.WriteString(Member.Carriage.Encoded(), CodecCarriages.NameOf(known));
    }

    /// <summary>Octets of which nothing else may be interpreted.</summary>
    public void WriteRefused(DecodeStatus status, CodecCarriage? carriage, string error)
    {
        WriteStatus(status, carriage);
        _json.WriteString("error"u8, error);
        End();
    }

    public void WriteNumber(Member member, ulong number) => _json.WriteNumber(member.Encoded(), number);

    public void WriteNumberUnless(Member member, ulong number, ulong usual)
    {
        if (number != usual)
            WriteNumber(member, number);
    }

    public void WriteTagLength(int size) => _json.WriteNumber("tagLength"u8, size);

    public void WriteFlow(in FlowKey flow) => FlowJson.Write(_json, flow);

    public void WriteNonce(ReadOnlySpan<byte> nonce) => _json.WriteHex("nonce"u8, nonce);

    public void WriteTlvs(ReadOnlySpan<byte> tlvs) => TlvJson.Write(_json, tlvs);

    public void WriteMetrics(in PdmMetrics metrics)
    {
        WriteNumber(Member.Psnlr, metrics.Psnlr);
        WriteNumber(Member.GlobalPointer, metrics.GlobalPointer);
        WriteDeltas(metrics.DeltaTimeLastReceived, metrics.DeltaTimeLastSent);
    }

    public void WriteDeltas(PdmTime received, PdmTime sent)
    {
        WriteNumber(Member.ScaleDtlr, received.Scale);
        WriteNumber(Member.ScaleDtls, sent.Scale);
        WriteNumber(Member.DeltaTlr, received.Value);
        WriteNumber(Member.DeltaTls, sent.Value);
        WriteNumber(Member.DeltaTlrNs, (ulong)received.ToNanoseconds());
        WriteNumber(Member.DeltaTlsNs, (ulong)sent.ToNanoseconds());
    }

    /// <summary>Closes the object.</summary>
    public void End()
    {
        _json.WriteEndObject();
        _json.Flush();
    }

    public void Dispose() => _json.Dispose();
}
