namespace Pdm6.Datapath;

/// <summary>What carries a packet's measurement: <c>enum pdm6_carriage</c>.</summary>
public enum PacketCarriage : byte
{
    /// <summary>Destination option of version 2, sealed (draft-15).</summary>
    DestoptV2,
    /// <summary>Destination option of version 2, readable by everybody.</summary>
    DestoptV2Clear,
    /// <summary>Destination option of version 1 (RFC 8250).</summary>
    DestoptV1,
    /// <summary>UDP option behind the datagram, sealed.</summary>
    UdpOption,
    /// <summary>UDP option behind the datagram, readable by everybody.</summary>
    UdpOptionClear,
    /// <summary>The payload of UDP packets is replaced: the application's data is lost.</summary>
    UdpFrame,
    /// <summary>Nothing: the path carries no form that the rule allows. Never in a rule.</summary>
    Nothing,
}
