using System.Diagnostics.CodeAnalysis;
using System.Text;
using System.Text.Json;
using Pdm6.Wire;

namespace Pdm6.Codec.Objects;

/// <summary>
/// A flow as a JSON object: source, destination, protocol and either sourcePort and destinationPort or, for ICMPv6,
/// icmpType, icmpCode and identifier (protocol reference, section 1).
/// </summary>
public static class FlowJson
{
    private const int LongestAddressText = 45;
    private const string Ports = "sourcePort, destinationPort";

    /// <summary>Reads a flow from a text; never throws for what is in it.</summary>
    /// <param name="text">One JSON object.</param>
    /// <param name="flow">The flow.</param>
    /// <param name="error">One sentence that names the member and what to do.</param>
    public static bool TryParse(string text, out FlowKey flow, [NotNullWhen(false)] out string? error)
    {
        flow = default;
        Utf8JsonReader reader = new(Encoding.UTF8.GetBytes(text));
        try
        {
            reader.Read();
            if (TryRead(ref reader, out flow, out error))
                reader.Read(); // throws if anything stands behind the object
            return error is null;
        }
        catch (Exception notJson) when (notJson is JsonException or InvalidOperationException)
        {
            error = "flow: give a JSON object with source, destination and protocol";
            return false;
        }
    }

    internal static bool TryRead(ref Utf8JsonReader reader, out FlowKey flow, [NotNullWhen(false)] out string? error)
    {
        flow = default;
        error = "flow: give an object with source, destination and protocol";
        if (reader.TokenType != JsonTokenType.StartObject)
            return false;
        Fields fields = default;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            if (!fields.TryTake(ref reader, out error))
                return false;
        return fields.TryMake(out flow, out error);
    }

    internal static void Write(Utf8JsonWriter json, in FlowKey flow)
    {
        json.WriteStartObject(Member.Flow.Encoded());
        json.WriteString("source"u8, flow.Source.ToString());
        json.WriteString("destination"u8, flow.Destination.ToString());
        json.WriteNumber("protocol"u8, flow.Protocol);
        if (flow.Protocol == NextHeader.Icmpv6)
        {
            json.WriteNumber("icmpType"u8, flow.IcmpType);
            json.WriteNumber("icmpCode"u8, flow.SourcePort & 0xff);
            json.WriteNumber("identifier"u8, flow.DestinationPort);
        }
        else
        {
            json.WriteNumber("sourcePort"u8, flow.SourcePort);
            json.WriteNumber("destinationPort"u8, flow.DestinationPort);
        }
        json.WriteEndObject();
    }

    /// <summary>The members of a flow as they come.</summary>
    private struct Fields
    {
        private Ipv6Address? _source, _destination;
        private ushort? _protocol, _sourcePort, _destinationPort, _icmpType, _icmpCode, _identifier;

        public bool TryTake(ref Utf8JsonReader reader, [NotNullWhen(false)] out string? error)
        {
            if (reader.ValueTextEquals("source"u8))
                return TryTakeAddress(ref reader, "source", ref _source, out error);
            if (reader.ValueTextEquals("destination"u8))
                return TryTakeAddress(ref reader, "destination", ref _destination, out error);
            if (reader.ValueTextEquals("protocol"u8))
                return TryTakeNumber(ref reader, "protocol", byte.MaxValue, ref _protocol, out error);
            if (reader.ValueTextEquals("sourcePort"u8))
                return TryTakeNumber(ref reader, "sourcePort", ushort.MaxValue, ref _sourcePort, out error);
            if (reader.ValueTextEquals("destinationPort"u8))
                return TryTakeNumber(ref reader, "destinationPort", ushort.MaxValue, ref _destinationPort, out error);
            if (reader.ValueTextEquals("icmpType"u8))
                return TryTakeNumber(ref reader, "icmpType", byte.MaxValue, ref _icmpType, out error);
            if (reader.ValueTextEquals("icmpCode"u8))
                return TryTakeNumber(ref reader, "icmpCode", byte.MaxValue, ref _icmpCode, out error);
            if (reader.ValueTextEquals("identifier"u8))
                return TryTakeNumber(ref reader, "identifier", ushort.MaxValue, ref _identifier, out error);
            error = $"{MemberNames.ForMessage(reader)}: a flow has no such member, leave it out";
            return false;
        }

        public readonly bool TryMake(out FlowKey flow, [NotNullWhen(false)] out string? error)
        {
            flow = default;
            if (_source is not { } source || _destination is not { } destination || _protocol is not { } protocol)
            {
                error = "flow: give source, destination and protocol";
                return false;
            }
            if (!TryMakePorts((byte)protocol, out ushort sourcePort, out ushort destinationPort, out error))
                return false;
            flow = new FlowKey(source, destination, (byte)protocol, sourcePort, destinationPort);
            return true;
        }

        private readonly bool TryMakePorts(
            byte protocol, out ushort sourcePort, out ushort destinationPort, [NotNullWhen(false)] out string? error)
        {
            bool hasPorts = _sourcePort is not null || _destinationPort is not null;
            bool hasIcmp = _icmpType is not null || _icmpCode is not null || _identifier is not null;
            sourcePort = _sourcePort ?? 0;
            destinationPort = _destinationPort ?? 0;
            bool needsBoth = NextHeader.HasPorts(protocol) || protocol == NextHeader.Icmpv6;
            if (protocol == NextHeader.Icmpv6 && !hasPorts)
            {
                sourcePort = (ushort)(_icmpType << 8 | _icmpCode ?? 0);
                destinationPort = _identifier ?? 0;
                error = _icmpType is null || _icmpCode is null
                    ? "icmpType, icmpCode: give whole numbers from 0 to 255"
                    : IdentifierError(sourcePort, destinationPort);
                return error is null;
            }
            error = hasIcmp ? "icmpType, icmpCode, identifier: leave them out, only ICMPv6 without ports has them"
                : needsBoth && (_sourcePort is null || _destinationPort is null)
                    ? $"{Ports}: give whole numbers from 0 to 65535"
                : protocol == NextHeader.Icmpv6 ? IdentifierError(sourcePort, destinationPort)
                : !needsBoth && (sourcePort | destinationPort) != 0
                    ? $"{Ports}: leave them out, protocol {protocol} has no ports"
                : null;
            return error is null;
        }

        private static string? IdentifierError(ushort typeAndCode, ushort identifier) =>
            identifier != 0 && typeAndCode >> 8 is not (128 or 129)
                ? "identifier: leave it out, only ICMPv6 types 128 and 129 have one"
                : null;

        private static bool TryTakeAddress(
            ref Utf8JsonReader reader, string name, ref Ipv6Address? address, [NotNullWhen(false)] out string? error)
        {
            reader.Read();
            error = address is null ? $"{name}: give an IPv6 address as text" : $"{name}: give it once";
            if (address is not null || reader.TokenType != JsonTokenType.String
                || reader.ValueIsEscaped || reader.ValueSpan.Length > LongestAddressText)
                return false;
            Span<char> text = stackalloc char[LongestAddressText];
            if (!Ipv6Address.TryParse(text[..reader.CopyString(text)], out Ipv6Address read))
                return false;
            address = read;
            error = null;
            return true;
        }

        private static bool TryTakeNumber(
            ref Utf8JsonReader reader, string name, ushort most, ref ushort? number, [NotNullWhen(false)] out string? error)
        {
            reader.Read();
            error = number is null ? $"{name}: give a whole number from 0 to {most}" : $"{name}: give it once";
            if (number is not null || reader.TokenType != JsonTokenType.Number
                || !reader.TryGetUInt16(out ushort read) || read > most)
                return false;
            number = read;
            error = null;
            return true;
        }
    }
}
