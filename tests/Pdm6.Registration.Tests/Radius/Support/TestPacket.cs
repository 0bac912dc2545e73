using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

#pragma warning disable CA5351 // RADIUS is made of MD5

namespace Pdm6.Registration.Tests.Radius;

/// <summary>Makes RADIUS packets octet by octet, with nothing of the product in it.</summary>
internal sealed class TestPacket(int code, int identifier)
{
    public static readonly byte[] Secret = "a secret of the tests"u8.ToArray();

    private readonly List<byte> _attributes = [];

    public TestPacket With(int type, params byte[] value)
    {
        _attributes.AddRange([(byte)type, (byte)(2 + value.Length), .. value]);
        return this;
    }

    public TestPacket With(int type, string text) => With(type, Encoding.UTF8.GetBytes(text));

    public TestPacket WithNumber(int type, long number) =>
        With(type, (byte)(number >> 24), (byte)(number >> 16), (byte)(number >> 8), (byte)number);

    /// <summary>Adds a Message-Authenticator, to be filled in at the end.</summary>
    public TestPacket Authenticated() => With(80, new byte[16]);

    /// <summary>An answer to the request of this authenticator.</summary>
    public byte[] Answering(ReadOnlySpan<byte> requestAuthenticator, byte[]? secret = null)
    {
        secret ??= Secret;
        byte[] packet = [(byte)code, (byte)identifier, 0, 0, .. requestAuthenticator, .. _attributes];
        BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(2), (ushort)packet.Length);
        for (int offset = 20; offset + 1 < packet.Length && packet[offset + 1] >= 2; offset += packet[offset + 1])
            if (packet[offset] == 80)
                HMACMD5.HashData(secret, packet).CopyTo(packet, offset + 2);
        MD5.HashData([.. packet, .. secret]).CopyTo(packet, 4);
        return packet;
    }

    /// <summary>What the Message-Authenticator of a request must be whose own is the first attribute.</summary>
    public static byte[] MessageAuthenticatorOf(byte[] request) =>
        HMACMD5.HashData(Secret, (byte[])[.. request[..22], .. new byte[16], .. request[38..]]);

    /// <summary>A password of one block, RFC 2865 section 5.2.</summary>
    public static byte[] Unhide(byte[] hidden, byte[] authenticator)
    {
        byte[] pad = MD5.HashData([.. Secret, .. authenticator]);
        byte[] password = [.. hidden.Select((octet, i) => (byte)(octet ^ pad[i]))];
        return password.AsSpan().TrimEnd((byte)0).ToArray();
    }

    /// <summary>A Disconnect-Request or CoA-Request: its authenticator is made like that of an answer to zeros.</summary>
    public byte[] Asking(byte[]? secret = null) => Answering(new byte[16], secret);
}
