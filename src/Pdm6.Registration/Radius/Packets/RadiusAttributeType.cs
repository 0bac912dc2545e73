namespace Pdm6.Registration.Radius.Packets;

/// <summary>The attributes that mean something here; the number is the one on the wire.</summary>
internal enum RadiusAttributeType : byte
{
    /// <summary>The participant's name, RFC 2865 section 5.1.</summary>
    UserName = 1,
    /// <summary>A hidden password, RFC 2865 section 5.2.</summary>
    UserPassword = 2,
    /// <summary>RFC 2865 section 5.6.</summary>
    ServiceType = 6,
    /// <summary>Name of something that the server wants applied, RFC 2865 section 5.11.</summary>
    FilterId = 11,
    /// <summary>Text for people, RFC 2865 section 5.18.</summary>
    ReplyMessage = 18,
    /// <summary>RFC 2865 section 5.24.</summary>
    State = 24,
    /// <summary>RFC 2865 section 5.25.</summary>
    Class = 25,
    /// <summary>RFC 2865 section 5.30.</summary>
    CalledStationId = 30,
    /// <summary>RFC 2865 section 5.31.</summary>
    CallingStationId = 31,
    /// <summary>The name of who asks, RFC 2865 section 5.32.</summary>
    NasIdentifier = 32,
    /// <summary>Belongs to a proxy on the way, which wants it back: RFC 2865 section 5.33.</summary>
    ProxyState = 33,
    /// <summary>Seconds since the Unix epoch, RFC 2869 section 5.3.</summary>
    EventTimestamp = 55,
    /// <summary>RFC 2865 section 5.41.</summary>
    NasPortType = 61,
    /// <summary>HMAC-MD5 over the whole packet, RFC 3579 section 3.2.</summary>
    MessageAuthenticator = 80,
    /// <summary>RFC 3162 section 2.3.</summary>
    FramedIpv6Prefix = 97,
    /// <summary>Why a request was not done, RFC 5176 section 3.5.</summary>
    ErrorCause = 101,
    /// <summary>RFC 4818.</summary>
    DelegatedIpv6Prefix = 123,
}
