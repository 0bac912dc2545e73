namespace Pdm6.Security;

/// <summary>Where a protected measurement rides, as it enters the nonce (protocol reference, section 6).</summary>
public enum Carriage : byte
{
    /// <summary>The PDMv2 destination option (draft-ietf-ippm-encrypted-pdmv2-15).</summary>
    DestinationOptionV2 = 0,
    /// <summary>A UDP option in the surplus area (RFC 9868).</summary>
    UdpOption = 1,
}
