using System.Buffers;
using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using Pdm6.Wire;

namespace Pdm6.Codec.Objects;

/// <summary>TLVs of a udp-frame as a JSON array of <c>{"type", "value"}</c>, the value in hexadecimal digits.</summary>
internal static class TlvJson
{
    private const string WhatToGive = "tlvs: give an array of objects with type (0 to 65535) and value (hexadecimal digits)";

    /// <summary>Reads an array and writes the TLVs as on the wire.</summary>
    public static bool TryRead(
        ref Utf8JsonReader reader, ArrayBufferWriter<byte> tlvs, [NotNullWhen(false)] out string? error)
    {
        error = WhatToGive;
        if (reader.TokenType != JsonTokenType.StartArray)
            return false;
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
            if (!TryReadOne(ref reader, tlvs, out error))
                return false;
        error = null;
        return true;
    }

    /// <summary>Writes well-formed TLVs.</summary>
    public static void Write(Utf8JsonWriter json, ReadOnlySpan<byte> tlvs)
    {
        json.WriteStartArray(Member.Tlvs.Encoded());
        TlvReader reader = new(tlvs);
        while (reader.TryReadNext(out ushort type, out ReadOnlySpan<byte> value))
        {
            json.WriteStartObject();
            json.WriteNumber("type"u8, type);
            json.WriteHex("value"u8, value);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    private static bool TryReadOne(
        ref Utf8JsonReader reader, ArrayBufferWriter<byte> tlvs, [NotNullWhen(false)] out string? error)
    {
        error = WhatToGive;
        if (reader.TokenType != JsonTokenType.StartObject)
            return false;
        ushort? type = null;
        ReadOnlySpan<byte> digits = default;
        bool hasValue = false;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            bool isType = reader.ValueTextEquals("type"u8);
            if (isType ? type is not null : hasValue || !reader.ValueTextEquals("value"u8))
                return false;
            reader.Read();
            if (isType)
            {
                if (reader.TokenType != JsonTokenType.Number || !reader.TryGetUInt16(out ushort read))
                    return false;
                type = read;
                continue;
            }
            if (!LineObject.IsPlainString(reader))
                return false;
            digits = reader.ValueSpan;
            hasValue = true;
        }
        return type is { } known && hasValue && TryAdd(known, digits, tlvs, out error);
    }

    private static bool TryAdd(
        ushort type, ReadOnlySpan<byte> digits, ArrayBufferWriter<byte> tlvs, [NotNullWhen(false)] out string? error)
    {
        error = WhatToGive;
        int size = digits.Length / 2;
        if (size > ushort.MaxValue || !Tlv.HasItsSize(type, size))
        {
            error = $"tlvs: type {type} cannot have a value of {size} octets, give another length";
            return false;
        }
        Span<byte> header = tlvs.GetSpan(Tlv.HeaderSize);
        BinaryPrimitives.WriteUInt16BigEndian(header, type);
        BinaryPrimitives.WriteUInt16BigEndian(header[2..], (ushort)size);
        tlvs.Advance(Tlv.HeaderSize);
        if (!Hex.TryRead(digits, tlvs))
            return false;
        error = null;
        return true;
    }
}
