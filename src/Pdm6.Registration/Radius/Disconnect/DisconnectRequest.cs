using System.Buffers.Binary;
using System.Text;
using Pdm6.Registration.Radius.Packets;

namespace Pdm6.Registration.Radius.Disconnect;

/// <summary>What a Disconnect-Request or CoA-Request asks for, once it is known who sent it.</summary>
/// <param name="Name">The participant (User-Name).</param>
/// <param name="Reason">Its Reply-Messages, for the audit log.</param>
/// <param name="EventUnixSeconds">When the server decided it (Event-Timestamp); null if it does not say.</param>
/// <param name="Refusal">Why it cannot be done, whatever the participant; <see cref="ErrorCause.None"/> if it can.</param>
internal sealed record DisconnectRequest(string Name, string Reason, uint? EventUnixSeconds, ErrorCause Refusal)
{
    /// <summary>Reads an authentic request.</summary>
    /// <param name="packet">The request.</param>
    /// <param name="nasIdentifier">What this registrar calls itself.</param>
    public static DisconnectRequest Read(in RadiusPacketView packet, string nasIdentifier)
    {
        StringBuilder name = new();
        StringBuilder reason = new();
        uint? time = null;
        // Of several faults the first counts.
        ErrorCause refusal = packet.Code == RadiusCode.CoaRequest ? ErrorCause.UnsupportedExtension : ErrorCause.None;
        RadiusAttributeReader attributes = packet.Attributes;
        while (attributes.TryReadNext(out RadiusAttributeType type, out ReadOnlySpan<byte> value))
        {
            ErrorCause fault = ErrorCause.None;
            switch (type)
            {
                case RadiusAttributeType.UserName when name.Length == 0 && !value.IsEmpty:
                    ShownText.Append(name, value);
                    break;
                case RadiusAttributeType.EventTimestamp when time is null && value.Length == sizeof(uint):
                    time = BinaryPrimitives.ReadUInt32BigEndian(value);
                    break;
                case RadiusAttributeType.UserName or RadiusAttributeType.EventTimestamp:
                    fault = ErrorCause.InvalidAttributeValue;
                    break;
                case RadiusAttributeType.NasIdentifier:
                    fault = value.SequenceEqual(Encoding.UTF8.GetBytes(nasIdentifier)) ? ErrorCause.None : ErrorCause.NasIdentificationMismatch;
                    break;
                case RadiusAttributeType.ReplyMessage:
                    ShownText.Append(reason, value);
                    break;
                case RadiusAttributeType.MessageAuthenticator or RadiusAttributeType.ProxyState:
                    break;
                default:
                    fault = ErrorCause.UnsupportedAttribute;
                    break;
            }
            if (refusal == ErrorCause.None)
                refusal = fault;
        }
        if (refusal == ErrorCause.None && (name.Length == 0 || time is null))
            refusal = ErrorCause.MissingAttribute;
        return new DisconnectRequest(name.ToString(), reason.ToString(), time, refusal);
    }
}
