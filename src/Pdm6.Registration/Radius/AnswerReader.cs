using System.Text;
using Pdm6.Registration.Radius.Packets;
using Pdm6.Wire;

namespace Pdm6.Registration.Radius;

/// <summary>Reads what comes back for one request. Anybody can send such a datagram: nothing here throws.</summary>
internal static class AnswerReader
{
    /// <summary>Reads a datagram from the server's address.</summary>
    /// <param name="datagram">The datagram.</param>
    /// <param name="request">The request as it was sent.</param>
    /// <param name="secret">What the server shares.</param>
    /// <param name="answer">The answer, if it is one.</param>
    public static AnswerStatus Read(
        ReadOnlySpan<byte> datagram, ReadOnlySpan<byte> request, RadiusSecret secret, out RadiusAnswer? answer)
    {
        answer = null;
        if (!RadiusPacketView.TryRead(datagram, out RadiusPacketView packet))
            return AnswerStatus.Malformed;
        RadiusAnswerKind kind = packet.Code switch
        {
            RadiusCode.AccessAccept => RadiusAnswerKind.Accept,
            RadiusCode.AccessReject => RadiusAnswerKind.Reject,
            RadiusCode.AccessChallenge => RadiusAnswerKind.Challenge,
            _ => RadiusAnswerKind.None,
        };
        if (kind == RadiusAnswerKind.None || packet.Identifier != request[1])
            return AnswerStatus.NotAnAnswer;
        if (packet.MessageAuthenticatorOffset == 0)
            return AnswerStatus.NoMessageAuthenticator;
        ReadOnlySpan<byte> authenticator = request.Slice(RadiusPacketView.AuthenticatorOffset, RadiusPacketView.AuthenticatorSize);
        if (!PacketAuthentication.IsAnswerAuthentic(packet, authenticator, secret))
            return AnswerStatus.NotAuthentic;
        answer = Collect(kind, packet.Attributes);
        return AnswerStatus.Ok;
    }

    private static RadiusAnswer Collect(RadiusAnswerKind kind, RadiusAttributeReader attributes)
    {
        StringBuilder message = new();
        List<Ipv6Prefix> prefixes = [];
        List<string> words = [];
        bool hasBadPrefix = false;
        while (attributes.TryReadNext(out RadiusAttributeType type, out ReadOnlySpan<byte> value))
            switch (type)
            {
                case RadiusAttributeType.ReplyMessage:
                    ShownText.Append(message, value);
                    break;
                case RadiusAttributeType.FramedIpv6Prefix or RadiusAttributeType.DelegatedIpv6Prefix:
                    if (PrefixValue.TryRead(value, out Ipv6Prefix prefix))
                        prefixes.Add(prefix);
                    else
                        hasBadPrefix = true;
                    break;
                case RadiusAttributeType.FilterId or RadiusAttributeType.Class when value.StartsWith(RadiusWords.PrefixOctets):
                    words.Add(Encoding.UTF8.GetString(value[RadiusWords.PrefixOctets.Length..]));
                    break;
            }
        return new RadiusAnswer
        {
            Kind = kind,
            Message = message.ToString(),
            Prefixes = prefixes,
            Words = words,
            HasBadPrefix = hasBadPrefix,
        };
    }
}
