using System.Buffers.Binary;
using System.Text;

namespace Pdm6.Registration.Radius.Packets;

/// <summary>
/// Writes a packet. Its first attribute is a Message-Authenticator, so that an attacker who can choose later attributes
/// cannot choose the prefix of what MD5 is taken over (CVE-2024-3596, "BlastRADIUS";
/// draft-ietf-radext-deprecating-radius).
/// </summary>
internal ref struct RadiusPacketWriter
{
    /// <summary>Octets of type and length.</summary>
    public const int AttributeHeaderSize = 2;
    /// <summary>Octets of an attribute that holds a number.</summary>
    public const int NumberSize = AttributeHeaderSize + sizeof(uint);
    /// <summary>Octets of the longest value.</summary>
    public const int LargestValue = 255 - AttributeHeaderSize;
    /// <summary>Where the value of the Message-Authenticator lies in every packet that is written here.</summary>
    public const int MessageAuthenticatorOffset = RadiusPacketView.HeaderSize + AttributeHeaderSize;

    private readonly Span<byte> _room;
    private int _size;

    /// <param name="room">Where to write, at most <see cref="RadiusPacketView.LargestSize"/> octets of it.</param>
    /// <param name="code">What the packet is.</param>
    /// <param name="identifier">Of the request.</param>
    /// <param name="requestAuthenticator">Of the request: of this packet, if it is one, or of the one it answers.</param>
    /// <exception cref="ArgumentException">No room, or an authenticator of another size.</exception>
    public RadiusPacketWriter(Span<byte> room, RadiusCode code, byte identifier, scoped ReadOnlySpan<byte> requestAuthenticator)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(requestAuthenticator.Length, RadiusPacketView.AuthenticatorSize);
        _room = room[..Math.Min(room.Length, RadiusPacketView.LargestSize)];
        _room[0] = (byte)code;
        _room[1] = identifier;
        requestAuthenticator.CopyTo(_room[RadiusPacketView.AuthenticatorOffset..]);
        _size = RadiusPacketView.HeaderSize;
        Add(RadiusAttributeType.MessageAuthenticator, stackalloc byte[RadiusPacketView.AuthenticatorSize]);
    }

    /// <summary>Octets that there is room for.</summary>
    public readonly int Left => _room.Length - _size;

    /// <summary>Adds an attribute.</summary>
    /// <exception cref="ArgumentException">The value is longer than <see cref="LargestValue"/> octets, or there is no room.</exception>
    public void Add(RadiusAttributeType type, scoped ReadOnlySpan<byte> value)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(value.Length, LargestValue);
        int size = AttributeHeaderSize + value.Length;
        ArgumentOutOfRangeException.ThrowIfGreaterThan(size, Left, nameof(value));
        _room[_size] = (byte)type;
        _room[_size + 1] = (byte)size;
        value.CopyTo(_room[(_size + AttributeHeaderSize)..]);
        _size += size;
    }

    /// <summary>Adds a text.</summary>
    /// <exception cref="ArgumentException">It is longer than <see cref="LargestValue"/> octets, or there is no room.</exception>
    public void Add(RadiusAttributeType type, string text) => Add(type, Encoding.UTF8.GetBytes(text));

    /// <summary>Adds a number of 4 octets.</summary>
    /// <exception cref="ArgumentException">There is no room.</exception>
    public void Add(RadiusAttributeType type, uint number)
    {
        Span<byte> value = stackalloc byte[sizeof(uint)];
        BinaryPrimitives.WriteUInt32BigEndian(value, number);
        Add(type, value);
    }

    /// <summary>Adds a User-Password, hidden as RFC 2865 section 5.2 says.</summary>
    /// <exception cref="ArgumentException">The password is empty or longer than
    /// <see cref="PasswordHiding.LargestPassword"/> octets, or there is no room.</exception>
    public void AddPassword(scoped ReadOnlySpan<byte> password, RadiusSecret secret)
    {
        Span<byte> hidden = stackalloc byte[PasswordHiding.LargestPassword];
        int size = PasswordHiding.Hide(
            password, secret, _room.Slice(RadiusPacketView.AuthenticatorOffset, RadiusPacketView.AuthenticatorSize), hidden);
        Add(RadiusAttributeType.UserPassword, hidden[..size]);
    }

    /// <summary>Ends an Access-Request: its authenticator stays the random one it was given.</summary>
    public readonly ReadOnlySpan<byte> FinishAccessRequest(RadiusSecret secret)
    {
        ReadOnlySpan<byte> packet = WithLength();
        PacketAuthentication.WriteMessageAuthenticator(_room[.._size], MessageAuthenticatorOffset, secret);
        return packet;
    }

    /// <summary>Ends an answer: the request's authenticator gives way to the Response Authenticator, RFC 2865 section 3.</summary>
    public readonly ReadOnlySpan<byte> FinishAnswer(RadiusSecret secret)
    {
        ReadOnlySpan<byte> packet = WithLength();
        PacketAuthentication.WriteMessageAuthenticator(_room[.._size], MessageAuthenticatorOffset, secret);
        Span<byte> authenticator = stackalloc byte[RadiusPacketView.AuthenticatorSize];
        PacketAuthentication.Digest(packet, secret, authenticator);
        authenticator.CopyTo(_room[RadiusPacketView.AuthenticatorOffset..]);
        return packet;
    }

    private readonly ReadOnlySpan<byte> WithLength()
    {
        BinaryPrimitives.WriteUInt16BigEndian(_room[2..], (ushort)_size);
        return _room[.._size];
    }
}
