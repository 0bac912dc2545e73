using System.Buffers;
using System.Buffers.Binary;
using System.Text.Json;
using Pdm6.Wire;

namespace Pdm6.Lab;

/// <summary>
/// Writes one JSON object a line for every packet, in the order in which packets left (or were dropped): the truth that
/// measured loss, duplicates and reordering are compared with. <see cref="RelayLogEntry"/> reads it.
/// </summary>
internal sealed class DecisionLog : IDisposable
{
    private const int FlushOctets = 256 * 1024;

    private readonly FileStream _file;
    private readonly ArrayBufferWriter<byte> _buffer = new(FlushOctets + 4096);
    private readonly Utf8JsonWriter _json;

    internal DecisionLog(string path)
    {
        _file = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.Read, bufferSize: 0);
        _json = new Utf8JsonWriter(_buffer, new JsonWriterOptions { SkipValidation = true });
    }

    internal void Write(string direction, in Decision decision, PacketFate fate, ReadOnlySpan<byte> frame, long departedAtUnixNs)
    {
        FlowKey flow = decision.Facts.Flow;
        _json.Reset();
        _json.WriteStartObject();
        _json.WriteString("direction", direction);
        _json.WriteNumber("ordinal", decision.Ordinal);
        _json.WriteNumber("copy", decision.Copy);
        _json.WriteString("fate", NameOf(fate));
        _json.WriteBoolean("heldBack", decision.HeldBack);
        _json.WriteNumber("arrivedAtUnixNs", decision.ArrivedAtUnixNs);
        _json.WriteNumber("departedAtUnixNs", departedAtUnixNs);
        _json.WriteNumber("octets", frame.Length - FrameInspector.LinkHeaderSize);
        _json.WriteString("source", flow.Source.ToString());
        _json.WriteString("destination", flow.Destination.ToString());
        _json.WriteNumber("protocol", flow.Protocol);
        _json.WriteNumber("sourcePort", flow.SourcePort);
        _json.WriteNumber("destinationPort", flow.DestinationPort);
        if (decision.Facts.HasOption)
        {
            ReadOnlySpan<byte> option = frame[decision.Facts.OptionOffset..];
            _json.WriteNumber("epoch", BinaryPrimitives.ReadUInt16BigEndian(option[2..]) & 0x0fff);
            _json.WriteNumber("psntp", BinaryPrimitives.ReadUInt32BigEndian(option[4..]));
        }
        if (decision.TamperedBit >= 0)
            _json.WriteNumber("tamperedBit", decision.TamperedBit);
        _json.WriteEndObject();
        _json.Flush();
        _buffer.Write("\n"u8);
        if (_buffer.WrittenCount >= FlushOctets)
            Flush();
    }

    public void Dispose()
    {
        Flush();
        _json.Dispose();
        _file.Dispose();
    }

    private void Flush()
    {
        _file.Write(_buffer.WrittenSpan);
        _buffer.ResetWrittenCount();
    }

    private static string NameOf(PacketFate fate) => JsonNamingPolicy.CamelCase.ConvertName(fate.ToString());
}
