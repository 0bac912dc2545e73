namespace Pdm6.Wire;

/// <summary>What <see cref="DestinationOptionsMerge"/> did with a packet, or why it left it alone.</summary>
public enum MergeOutcome
{
    /// <summary>A Destination Options header was put in front of the upper layer.</summary>
    Inserted,
    /// <summary>The option was appended to the last Destination Options header.</summary>
    Merged,
    /// <summary>No IPv6 packet, or one whose headers or options run past their end, or of which octets are
    /// missing.</summary>
    MalformedPacket,
    /// <summary>A jumbo payload, or one whose length would no longer fit 16 bits.</summary>
    Jumbo,
    /// <summary>With a Fragment header: an option in front of a first fragment makes reassembly overlap.</summary>
    Fragment,
    /// <summary>With an Authentication or an Encapsulating Security Payload header.</summary>
    Ipsec,
    /// <summary>Without a flow: nothing behind the headers, too little to tell the ports, or a Routing header that hides
    /// the final destination.</summary>
    NoFlow,
    /// <summary>To a multicast address.</summary>
    Multicast,
    /// <summary>To its own source.</summary>
    Self,
    /// <summary>Neighbor Discovery, Multicast Listener Discovery: ICMPv6 types 130 to 137 and 143.</summary>
    ExemptIcmp,
    /// <summary>It carries a PDM option already, of whatever carriage.</summary>
    HasPdmOption,
    /// <summary>The header would grow past 48 octets.</summary>
    TooLarge,
    /// <summary>The header would hold more than 8 options besides padding: Linux drops such packets
    /// (<c>net.ipv6.max_dst_opts_number</c>).</summary>
    TooManyOptions,
}
