namespace Pdm6.Registration.Radius.Packets;

/// <summary>Reads attributes one after the other, RFC 2865 section 5: type, length of the whole (2 to 255), value.</summary>
/// <param name="attributes">The attributes, nothing else.</param>
internal ref struct RadiusAttributeReader(ReadOnlySpan<byte> attributes)
{
    private ReadOnlySpan<byte> _rest = attributes;

    /// <summary>Octets not read yet.</summary>
    public readonly int Left => _rest.Length;

    /// <summary>True once an attribute ran past the end, or was shorter than its own header: nothing of the packet may
    /// be used.</summary>
    public bool IsMalformed { get; private set; }

    /// <summary>Reads the next attribute; false at the end, and at the first that is not well-formed.</summary>
    public bool TryReadNext(out RadiusAttributeType type, out ReadOnlySpan<byte> value)
    {
        type = 0;
        value = default;
        if (_rest.IsEmpty)
            return false;
        int size = _rest.Length < RadiusPacketWriter.AttributeHeaderSize ? 0 : _rest[1];
        if (size < RadiusPacketWriter.AttributeHeaderSize || size > _rest.Length)
        {
            IsMalformed = true;
            _rest = default;
            return false;
        }
        type = (RadiusAttributeType)_rest[0];
        value = _rest[RadiusPacketWriter.AttributeHeaderSize..size];
        _rest = _rest[size..];
        return true;
    }
}
