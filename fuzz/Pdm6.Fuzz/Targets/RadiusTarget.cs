using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using Pdm6.Fuzz.Engine;
using Pdm6.Registration.Radius;
using Pdm6.Registration.Radius.Disconnect;
using Pdm6.Registration.Radius.Packets;

namespace Pdm6.Fuzz.Targets;

/// <summary>
/// What RADIUS servers, and those who pretend to be one, can send: answers to an Access-Request whose authenticator is
/// zeros, and Disconnect-Requests, which are made in the same way. Half the inputs get the authenticators that they lack.
/// </summary>
internal sealed class RadiusTarget : FuzzTarget
{
    private static readonly RadiusSecret _secret = RadiusSecret.Of("a secret of the fuzzer"u8);
    private static readonly byte[] _messageAuthenticator = [80, 18, .. new byte[16]];

    private readonly byte[] _request = new byte[RadiusPacketView.HeaderSize];
    private readonly byte[] _made = new byte[RadiusPacketView.AuthenticatorSize];

    public override string Name => "radius";
    public override int LargestInput => 512;
    public override int Share => 3;
    public override bool AllocatesNothing => false;

    public override IEnumerable<byte[]> Seeds => new byte[][]
    {
        [],
        Packet(2, [97, 12, 0, 64, 0x20, 1, 0x0d, 0xb8, 0, 1, 0, 2, 123, 4, 0, 0, 11, 15, .. "pdm6:endpoint"u8, 25, 11, .. "pdm6:wait"u8, 11, 3, 0x78]),
        Packet(2, [97, 3, 0, 97, 5, 0, 129, 1, 123, 8, 0, 33, 0x20, 1, 0x0d, 0xb8, 97, 20, 0, 128, .. new byte[16], 97, 21, 0, 128, .. new byte[17]]),
        Packet(3, [18, 9, .. "not now"u8, 18, 7, 0x1b, 0xff, 0xe2, 0x80, 0xae, 18, 255, .. new byte[253], 18, 3, 0x78, 18, 2]),
        Packet(11, [24, 3, 1]),
        Packet(40, [1, 8, .. "host-1"u8, 55, 6, 0x71, 0x3f, 0xb3, 0, 18, 5, .. "bye"u8, 33, 4, 1, 2, 32, 6, .. "here"u8]),
        Packet(40, [1, 2, 55, 3, 1, 6, 6, 0, 0, 0, 17]), Packet(40, [1, 3, 0x61, 1, 3, 0x62, 55, 6, 0, 0, 0, 1, 55, 6, 0, 0, 0, 1]),
        Packet(40, [32, 7, .. "there"u8]), Packet(43, [1, 8, .. "host-1"u8]), Packet(1, []),
        [3, 0, 0, 20, .. new byte[16]], [2, 0, 0, 38, .. new byte[16], 80, 17, .. new byte[16]], [2, 0, 0x10, 1, .. new byte[16]],
        [2, 0, 0, 21, .. new byte[16], 1], [2, 0, 0, 56, .. new byte[16], .. _messageAuthenticator, .. _messageAuthenticator],
    }.Select(Made);

    public override IReadOnlyList<byte[]> Tokens =>
        [_messageAuthenticator, [97, 4, 0, 0], [55, 6, 0, 0, 0, 0], [33, 2], [1, 3, 0x61], [80, 18], [11, 7, .. "pdm6:"u8], [0x10, 0x01]];

    public override int Repair(Span<byte> room, int size)
    {
        if (size < RadiusPacketView.HeaderSize)
            return size;
        Make(room[..size]);
        return size;
    }

    public override FuzzOutcome Run(ReadOnlySpan<byte> input)
    {
        if (!RadiusPacketView.TryRead(input, out RadiusPacketView packet))
        {
            Expect.That(packet.Octets.IsEmpty, "what cannot be read gives nothing");
            Expect.That(AnswerReader.Read(input, _request, _secret, out _) == AnswerStatus.Malformed, "what cannot be read is no answer");
            return new FuzzOutcome(false, Math.Min(input.Length, 63));
        }
        int features = Walk(input, packet);
        bool isAuthentic = PacketAuthentication.IsRequestAuthentic(packet, _secret);
        Expect.That(isAuthentic == HasBothAuthenticators(packet), "authentic is what has both authenticators");

        _request[1] = packet.Identifier;
        AnswerStatus status = AnswerReader.Read(input, _request, _secret, out RadiusAnswer? answer);
        Expect.That(answer is null == (status != AnswerStatus.Ok), "an answer is given if it is one");
        Expect.That(isAuthentic || status != AnswerStatus.Ok, "an answer that is not authentic is none");
        Expect.That(answer is null || answer.Message.Length <= ShownText.LongestText + 1, "a text is no longer than said");
        ErrorCause cause = isAuthentic ? Disconnect(packet) : ErrorCause.None;
        return new FuzzOutcome(isAuthentic, ((int)packet.Code & 63) + 64 * ((int)status + 8 * (features + 32 * (int)cause)));
    }

    /// <summary>Attributes lie in the packet and fill it; what prefixes are read are prefixes.</summary>
    private static int Walk(ReadOnlySpan<byte> input, in RadiusPacketView packet)
    {
        Expect.Inside(input, packet.Octets);
        Expect.Inside(input, packet.Authenticator);
        int sum = RadiusPacketView.HeaderSize, prefixes = 0, others = 0, authenticator = 0;
        RadiusAttributeReader attributes = packet.Attributes;
        while (attributes.TryReadNext(out RadiusAttributeType type, out ReadOnlySpan<byte> value))
        {
            Expect.Inside(input, value);
            if (type == RadiusAttributeType.MessageAuthenticator)
                authenticator = sum + RadiusPacketWriter.AttributeHeaderSize;
            sum += RadiusPacketWriter.AttributeHeaderSize + value.Length;
            if (!PrefixValue.TryRead(value, out Wire.Ipv6Prefix prefix))
                others++;
            else
            {
                prefixes++;
                Expect.That(prefix.Length == value[1], "a prefix is as long as it says");
            }
        }
        Expect.That(!attributes.IsMalformed && sum == packet.Octets.Length, "attributes fill the packet");
        Expect.That(authenticator == packet.MessageAuthenticatorOffset, "the Message-Authenticator is where it is");
        return Math.Min(prefixes, 3) + 4 * Math.Min(others, 3) + (authenticator == 0 ? 0 : 16);
    }

    private static ErrorCause Disconnect(in RadiusPacketView packet)
    {
        DisconnectRequest request = DisconnectRequest.Read(packet, "here");
        Expect.That(
            request.Refusal != ErrorCause.None || (request.Name.Length > 0 && request.EventUnixSeconds is not null),
            "what can be done has a name and a time");
        byte[] answer = DisconnectAnswer.Write(packet, request.Refusal, _secret);
        Expect.That(RadiusPacketView.TryRead(answer, out RadiusPacketView written) && written.Octets.Length == answer.Length, "an answer is a packet");
        Expect.That(PacketAuthentication.IsAnswerAuthentic(written, packet.Authenticator, _secret), "an answer is authentic");
        return request.Refusal;
    }

    [SuppressMessage("Security", "CA5351", Justification = "RADIUS is made of MD5.")]
    private bool HasBothAuthenticators(in RadiusPacketView packet)
    {
        if (packet.MessageAuthenticatorOffset == 0)
            return false;
        byte[] copy = packet.Octets.ToArray();
        copy.AsSpan(RadiusPacketView.AuthenticatorOffset, RadiusPacketView.AuthenticatorSize).Clear();
        MD5.HashData([.. copy, .. _secret.Octets], _made);
        if (!packet.Authenticator.SequenceEqual(_made))
            return false;
        copy.AsSpan(packet.MessageAuthenticatorOffset, RadiusPacketView.AuthenticatorSize).Clear();
        HMACMD5.HashData(_secret.Octets, copy, _made);
        return packet.Octets.Slice(packet.MessageAuthenticatorOffset, _made.Length).SequenceEqual(_made);
    }

    private static byte[] Packet(byte code, byte[] attributes) => [code, 7, 0, 0, .. new byte[16], .. _messageAuthenticator, .. attributes];

    private static byte[] Made(byte[] packet)
    {
        if (packet.Length >= RadiusPacketView.HeaderSize && packet[2] == 0 && packet[3] == 0)
            Make(packet);
        return packet;
    }

    /// <summary>Makes length and authenticators right, if the first attribute is a Message-Authenticator.</summary>
    private static void Make(Span<byte> packet)
    {
        BinaryPrimitives.WriteUInt16BigEndian(packet[2..], (ushort)packet.Length);
        packet.Slice(RadiusPacketView.AuthenticatorOffset, RadiusPacketView.AuthenticatorSize).Clear();
        const int Offset = RadiusPacketWriter.MessageAuthenticatorOffset;
        if (packet.Length >= Offset + RadiusPacketView.AuthenticatorSize && packet[Offset - 2] == 80)
        {
            packet.Slice(Offset, RadiusPacketView.AuthenticatorSize).Clear();
            PacketAuthentication.WriteMessageAuthenticator(packet, Offset, _secret);
        }
        Span<byte> digest = stackalloc byte[RadiusPacketView.AuthenticatorSize];
        PacketAuthentication.Digest(packet, _secret, digest);
        digest.CopyTo(packet[RadiusPacketView.AuthenticatorOffset..]);
    }
}
