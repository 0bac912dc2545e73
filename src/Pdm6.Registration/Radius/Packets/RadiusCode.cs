namespace Pdm6.Registration.Radius.Packets;

/// <summary>What a RADIUS packet is: RFC 2865 section 3, RFC 5176 section 2.3.</summary>
internal enum RadiusCode : byte
{
    /// <summary>May this participant enrol?</summary>
    AccessRequest = 1,
    /// <summary>Yes.</summary>
    AccessAccept = 2,
    /// <summary>No.</summary>
    AccessReject = 3,
    /// <summary>Answer another question first.</summary>
    AccessChallenge = 11,
    /// <summary>Revoke.</summary>
    DisconnectRequest = 40,
    /// <summary>Revoked.</summary>
    DisconnectAck = 41,
    /// <summary>Not revoked.</summary>
    DisconnectNak = 42,
    /// <summary>Change what a participant may do; always refused.</summary>
    CoaRequest = 43,
    /// <summary>Changed; never sent.</summary>
    CoaAck = 44,
    /// <summary>Not changed.</summary>
    CoaNak = 45,
}
