using System.Buffers.Binary;

namespace Pdm6.Registration.Radius.Packets;

/// <summary>
/// A RADIUS packet seen in place, RFC 2865 section 3: code, identifier, length (2 octets), authenticator (16), attributes.
/// Made by <see cref="TryRead"/> only; after that no accessor can run past the end.
/// </summary>
internal readonly ref struct RadiusPacketView
{
    /// <summary>Octets in front of the attributes.</summary>
    public const int HeaderSize = 20;
    /// <summary>Octets of the longest packet.</summary>
    public const int LargestSize = 4096;
    /// <summary>Octets of an authenticator, and of the value of a Message-Authenticator.</summary>
    public const int AuthenticatorSize = 16;
    /// <summary>Where the authenticator begins.</summary>
    public const int AuthenticatorOffset = 4;

    private RadiusPacketView(ReadOnlySpan<byte> octets, int messageAuthenticatorOffset)
    {
        Octets = octets;
        MessageAuthenticatorOffset = messageAuthenticatorOffset;
    }

    /// <summary>The packet without what the datagram held behind it.</summary>
    public ReadOnlySpan<byte> Octets { get; }

    /// <summary>Where the value of the Message-Authenticator begins; 0 if there is none.</summary>
    public int MessageAuthenticatorOffset { get; }

    /// <summary>What the packet is.</summary>
    public RadiusCode Code => (RadiusCode)Octets[0];

    /// <summary>What ties an answer to its request, besides the authenticator.</summary>
    public byte Identifier => Octets[1];

    /// <summary>Request Authenticator or Response Authenticator.</summary>
    public ReadOnlySpan<byte> Authenticator => Octets.Slice(AuthenticatorOffset, AuthenticatorSize);

    /// <summary>The attributes, in their order.</summary>
    public RadiusAttributeReader Attributes => new(Octets[HeaderSize..]);

    /// <summary>
    /// Reads a datagram. Octets behind the packet's length are padding; a datagram that is shorter, attributes that do
    /// not fill the packet exactly, and more than one Message-Authenticator or one of another size make it malformed:
    /// false, and <paramref name="packet"/> is empty.
    /// </summary>
    public static bool TryRead(ReadOnlySpan<byte> datagram, out RadiusPacketView packet)
    {
        packet = default;
        if (datagram.Length < HeaderSize)
            return false;
        int length = BinaryPrimitives.ReadUInt16BigEndian(datagram[2..]);
        if (length is < HeaderSize or > LargestSize || length > datagram.Length)
            return false;
        datagram = datagram[..length];
        if (!TryWalk(datagram, out int messageAuthenticator))
            return false;
        packet = new RadiusPacketView(datagram, messageAuthenticator);
        return true;
    }

    private static bool TryWalk(ReadOnlySpan<byte> octets, out int messageAuthenticator)
    {
        messageAuthenticator = 0;
        RadiusAttributeReader attributes = new(octets[HeaderSize..]);
        while (attributes.TryReadNext(out RadiusAttributeType type, out ReadOnlySpan<byte> value))
        {
            if (type != RadiusAttributeType.MessageAuthenticator)
                continue;
            if (messageAuthenticator != 0 || value.Length != AuthenticatorSize)
                return false;
            messageAuthenticator = octets.Length - attributes.Left - AuthenticatorSize;
        }
        return !attributes.IsMalformed;
    }
}
