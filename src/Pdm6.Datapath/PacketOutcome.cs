namespace Pdm6.Datapath;

/// <summary>What became of a packet on egress: <c>enum pdm6_reason</c>. <see cref="Selected"/> counts packets of
/// chosen flows; each of those is also counted as sealed, as sent in clear, or by the reason why it was left alone.</summary>
public enum PacketOutcome
{
    /// <summary>A rule matched and sampling chose the flow.</summary>
    Selected,
    /// <summary>An option was sealed into it.</summary>
    Sealed,
    /// <summary>Forwarded: RFC 8200 forbids insertion on the way.</summary>
    Forwarded,
    /// <summary>Headers cut short, or lengths that disagree.</summary>
    MalformedPacket,
    /// <summary>To a multicast address.</summary>
    Multicast,
    /// <summary>Source equals destination.</summary>
    Self,
    /// <summary>Has a Fragment header.</summary>
    Fragment,
    /// <summary>Has AH or ESP.</summary>
    Ipsec,
    /// <summary>Payload length 0, or no room left in it.</summary>
    Jumbo,
    /// <summary>Has extension headers that are not understood, too long, or hold nothing but padding.</summary>
    ExtensionHeader,
    /// <summary>ICMPv6 types 130 to 137 and 143.</summary>
    IcmpExempt,
    /// <summary>UDP GSO, or another super-packet that is not TCP's.</summary>
    UdpGso,
    /// <summary>A TCP super-packet with too little data in each segment.</summary>
    TinySegments,
    /// <summary>The option would not fit the path.</summary>
    Mtu,
    /// <summary>No key for the pair: destination not registered, or source not announced.</summary>
    NoKey,
    /// <summary>The epoch's deadline has passed.</summary>
    PastDeadline,
    /// <summary>No place for a new flow.</summary>
    FlowTableFull,
    /// <summary>The flow's state is dead, recycled or of a newer epoch than this packet.</summary>
    FlowBusy,
    /// <summary>All 2^32 numbers of the flow are used in this epoch.</summary>
    NumbersExhausted,
    /// <summary>The kernel could not make room in the packet.</summary>
    NoRoom,
    /// <summary>A rule matched, but sampling did not choose the flow.</summary>
    NotSampled,
    /// <summary>Not left alone: an option in clear was put into it.</summary>
    SentClear,
    /// <summary>Neither its path nor its protocol carry what the rule asks for.</summary>
    NoForm,
    /// <summary>Carries a PDM option already.</summary>
    HasPdm,
    /// <summary>The Destination Options header that it has leaves no place for the option.</summary>
    OptionsFull,
    /// <summary>Has a Routing header that hides the final destination, or one with a tunnel behind it.</summary>
    RoutingHeader,
    /// <summary>More packets a second than the policy allows.</summary>
    OverCap,
    /// <summary>A UDP datagram with octets behind it already: options of others (RFC 9868).</summary>
    SurplusArea,
    /// <summary>Between agents, who find out what arrives.</summary>
    PathProbe,
}
