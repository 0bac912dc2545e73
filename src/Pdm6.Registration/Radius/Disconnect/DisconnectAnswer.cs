using Pdm6.Registration.Radius.Packets;

namespace Pdm6.Registration.Radius.Disconnect;

/// <summary>Writes what a server gets back: ACK, or NAK with an Error-Cause; and every Proxy-State as it came, RFC 5176
/// section 3.1.</summary>
internal static class DisconnectAnswer
{
    /// <summary>Writes the answer to an authentic request.</summary>
    /// <param name="request">The request.</param>
    /// <param name="cause">Why it was not done; <see cref="ErrorCause.None"/> if it was.</param>
    /// <param name="secret">What the server shares.</param>
    public static byte[] Write(in RadiusPacketView request, ErrorCause cause, RadiusSecret secret)
    {
        RadiusCode code = request.Code == RadiusCode.CoaRequest ? RadiusCode.CoaNak
            : cause == ErrorCause.None ? RadiusCode.DisconnectAck
            : RadiusCode.DisconnectNak;
        RadiusPacketWriter writer = new(
            stackalloc byte[RadiusPacketView.LargestSize], code, request.Identifier, request.Authenticator);
        RadiusAttributeReader attributes = request.Attributes;
        while (attributes.TryReadNext(out RadiusAttributeType type, out ReadOnlySpan<byte> value))
            if (type == RadiusAttributeType.ProxyState)
                writer.Add(type, value);
        // Proxy-States may fill the packet to its end: they have to go back, the cause only should.
        if (cause != ErrorCause.None && writer.Left >= RadiusPacketWriter.NumberSize)
            writer.Add(RadiusAttributeType.ErrorCause, (uint)cause);
        return writer.FinishAnswer(secret).ToArray();
    }
}
