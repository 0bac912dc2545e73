using System.Buffers;
using System.Text.Json;
using Pdm6.Probe.Native;
using Pdm6.Wire;

namespace Pdm6.Probe.Reflecting;

/// <summary>
/// Writes every frame that was opened as one JSON object a line: docs/probe.md names the fields. Entries are kept until
/// <see cref="WritePending"/>, so that no reply waits for the log.
/// </summary>
internal sealed class ReflectorLog : IDisposable
{
    private const int FlushOctets = 64 * 1024;

    private readonly FileStream _file;
    private readonly ArrayBufferWriter<byte> _buffer = new(FlushOctets + 4096);
    private readonly Utf8JsonWriter _json;
    private readonly List<LogEntry> _pending = [];
    private (Ipv6Address Address, string Text) _source, _destination;

    private ReflectorLog(FileStream file)
    {
        _file = file;
        _json = new Utf8JsonWriter(_buffer, new JsonWriterOptions { SkipValidation = true });
    }

    /// <summary>Opens a file to append to; a new one may be read by its owner only.</summary>
    /// <exception cref="ProbeException">It cannot be written.</exception>
    internal static ReflectorLog Open(string path)
    {
        try
        {
            return new ReflectorLog(new FileStream(path, new FileStreamOptions
            {
                Mode = FileMode.Append,
                Access = FileAccess.Write,
                Share = FileShare.Read,
                BufferSize = 0,
                UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
            }));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ProbeException($"The log '{path}' cannot be written: {e.Message}", e);
        }
    }

    /// <summary>Adds a frame that was opened.</summary>
    internal void Add(in ReceivedDatagram datagram, in OpenedFrame frame, ReflectorOutcome outcome) => _pending.Add(new LogEntry(
        datagram.StampedAtUnixNs, datagram.Source, datagram.Destination, datagram.HopLimit, datagram.Payload.Length, frame, outcome));

    /// <summary>Writes what was added.</summary>
    internal void WritePending()
    {
        foreach (LogEntry entry in _pending)
            Write(entry);
        _pending.Clear();
        if (_buffer.WrittenCount >= FlushOctets)
            Flush();
    }

    /// <summary>Hands what was written to the system.</summary>
    internal void Flush()
    {
        if (_buffer.WrittenCount == 0)
            return;
        _file.Write(_buffer.WrittenSpan);
        _buffer.ResetWrittenCount();
    }

    public void Dispose()
    {
        WritePending();
        Flush();
        _json.Dispose();
        _file.Dispose();
    }

    private void Write(in LogEntry entry)
    {
        OpenedFrame frame = entry.Frame;
        _json.Reset();
        _json.WriteStartObject();
        _json.WriteNumber("receivedAtUnixNs", entry.StampedAtUnixNs);
        _json.WriteString("kind", frame.IsRequest ? frame.IsClosing ? "closing" : "request" : "oneWay");
        _json.WriteBoolean("answered", entry.Outcome == ReflectorOutcome.Answered);
        _json.WriteString("source", TextOf(entry.Source.Address, ref _source));
        _json.WriteNumber("sourcePort", entry.Source.Port);
        _json.WriteString("destination", TextOf(entry.Destination, ref _destination));
        _json.WriteNumber("octets", entry.Octets);
        _json.WriteNumber("hops", Measurement.HopCount.Infer(entry.HopLimit));
        _json.WriteString("sender", frame.Number.Sender.ToString("x16"));
        _json.WriteNumber("number", frame.Number.Number);
        if ((frame.Header.Flags & UdpFrameFlags.KeyId) != 0)
            _json.WriteNumber("keyId", frame.Header.KeyId);
        _json.WriteNumber("sequence", frame.Header.Sequence);
        _json.WriteNumber("timestampUs", frame.Header.TimestampMicroseconds);
        Write("roundTripNs", frame.RoundTripNs);
        Write("jitterNs", frame.JitterNs);
        Write("hopCount", frame.HopCount);
        Write("lossPpm", frame.LossPartsPerMillion);
        Write("receiveTimeUnixNs", frame.ReceiveTimeUnixNs);
        Write("sendTimeUnixNs", frame.SendTimeUnixNs);
        if (frame.Pdm is { } pdm)
            Write(pdm);
        if (frame.Others is { } others)
            Write(others);
        _json.WriteEndObject();
        _json.Flush();
        _buffer.Write("\n"u8);
    }

    /// <summary>Frames of one prober follow each other: their addresses are put into words once.</summary>
    private static string TextOf(Ipv6Address address, ref (Ipv6Address Address, string Text) last)
    {
        if (last.Text is null || last.Address != address)
            last = (address, address.ToString());
        return last.Text;
    }

    private void Write(string name, ulong? value)
    {
        if (value is { } number)
            _json.WriteNumber(name, number);
    }

    private void Write(in PdmMetrics pdm)
    {
        _json.WriteStartObject("pdm");
        _json.WriteNumber("psnlr", pdm.Psnlr);
        _json.WriteNumber("globalPointer", pdm.GlobalPointer);
        _json.WriteNumber("deltaTimeLastReceivedNs", pdm.DeltaTimeLastReceived.ToNanoseconds());
        _json.WriteNumber("deltaTimeLastSentNs", pdm.DeltaTimeLastSent.ToNanoseconds());
        _json.WriteEndObject();
    }

    /// <summary>As <c>pdm6 codec</c> writes TLVs.</summary>
    private void Write(List<OtherTlv> others)
    {
        _json.WriteStartArray("tlvs");
        foreach (OtherTlv other in others)
        {
            _json.WriteStartObject();
            _json.WriteNumber("type", other.Type);
            _json.WriteString("value", Convert.ToHexStringLower(other.Value));
            _json.WriteEndObject();
        }
        _json.WriteEndArray();
    }

    private readonly record struct LogEntry(
        ulong StampedAtUnixNs, Endpoint Source, Ipv6Address Destination, byte HopLimit, int Octets, OpenedFrame Frame,
        ReflectorOutcome Outcome);
}
