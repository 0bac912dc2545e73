namespace Pdm6.Registration.Radius.Disconnect;

/// <summary>What a datagram to the port for Disconnect-Requests turned out to be.</summary>
internal enum DisconnectVerdict
{
    /// <summary>Somebody was revoked: ACK.</summary>
    Revoked,
    /// <summary>Authentic, and not to be done: NAK.</summary>
    Refused,
    /// <summary>The same again from the same port: the same answer.</summary>
    Repeated,
    /// <summary>The same again from elsewhere: silence, as for all that follow.</summary>
    Replayed,
    /// <summary>Not from the address of a configured server.</summary>
    UnknownSource,
    /// <summary>No RADIUS packet, or one that does not belong to this port.</summary>
    Malformed,
    /// <summary>It could come from anybody who can find MD5 collisions.</summary>
    NoMessageAuthenticator,
    /// <summary>Somebody made it who does not know the secret.</summary>
    NotAuthentic,
    /// <summary>Its Event-Timestamp is further from this host's clock than a replay may be.</summary>
    TooOld,
}
