namespace Pdm6.Wire;

/// <summary>Kinds of UDP options that pdm6 looks at (RFC 9868 section 10).</summary>
internal static class UdpOptionKind
{
    /// <summary>End of Options List: one octet, and nothing behind it is an option.</summary>
    internal const byte EndOfList = 0;
    /// <summary>No Operation: one octet.</summary>
    internal const byte NoOperation = 1;
    /// <summary>Fragmentation: the area holds a fragment of another datagram.</summary>
    internal const byte Fragment = 3;
    /// <summary>Experimental, told apart by its ExID.</summary>
    internal const byte Experimental = 127;

    private const byte FirstUnsafe = 192;

    /// <summary>True if who does not know this kind must not use the datagram's options at all.</summary>
    internal static bool IsUnsafe(byte kind) => kind >= FirstUnsafe;

    /// <summary>The least octets of an option of this kind, kind and length octets included: less makes the whole area
    /// malformed (RFC 9868 section 10).</summary>
    internal static int LeastSize(byte kind) => kind switch
    {
        2 => 6, // Additional Payload Checksum
        Fragment => 10,
        4 => 4, // Maximum Datagram Size
        5 => 5, // Maximum Reassembled Datagram Size
        6 or 7 => 6, // Request, Response
        8 => 10, // Timestamps
        Experimental => 4,
        _ => 2,
    };
}
