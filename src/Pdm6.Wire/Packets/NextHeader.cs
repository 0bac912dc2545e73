namespace Pdm6.Wire;

/// <summary>IPv6 Next Header values (IANA "Assigned Internet Protocol Numbers") that pdm6 looks at.</summary>
public static class NextHeader
{
    /// <summary>Hop-by-Hop Options, RFC 8200 section 4.3.</summary>
    public const byte HopByHop = 0;
    /// <summary>TCP.</summary>
    public const byte Tcp = 6;
    /// <summary>UDP.</summary>
    public const byte Udp = 17;
    /// <summary>Datagram Congestion Control Protocol.</summary>
    public const byte Dccp = 33;
    /// <summary>Routing header, RFC 8200 section 4.4.</summary>
    public const byte Routing = 43;
    /// <summary>Fragment header, RFC 8200 section 4.5.</summary>
    public const byte Fragment = 44;
    /// <summary>Encapsulating Security Payload.</summary>
    public const byte Esp = 50;
    /// <summary>Authentication Header.</summary>
    public const byte AuthenticationHeader = 51;
    /// <summary>ICMPv6.</summary>
    public const byte Icmpv6 = 58;
    /// <summary>No Next Header.</summary>
    public const byte None = 59;
    /// <summary>Destination Options, RFC 8200 section 4.6.</summary>
    public const byte DestinationOptions = 60;
    /// <summary>Stream Control Transmission Protocol.</summary>
    public const byte Sctp = 132;
    /// <summary>Mobility Header.</summary>
    public const byte Mobility = 135;
    /// <summary>UDP-Lite.</summary>
    public const byte UdpLite = 136;
    /// <summary>Host Identity Protocol.</summary>
    public const byte HostIdentity = 139;
    /// <summary>Shim6 Protocol.</summary>
    public const byte Shim6 = 140;

    /// <summary>True for the protocols whose first four octets are a source and a destination port.</summary>
    public static bool HasPorts(byte protocol) => protocol is Tcp or Udp or Dccp or Sctp or UdpLite;

    /// <summary>True for extension headers (IANA "IPv6 Extension Header Types"): another header may follow.</summary>
    public static bool IsExtensionHeader(byte protocol) => protocol is HopByHop or Routing or Fragment or Esp
        or AuthenticationHeader or DestinationOptions or Mobility or HostIdentity or Shim6;
}
