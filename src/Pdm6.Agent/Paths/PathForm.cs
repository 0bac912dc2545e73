namespace Pdm6.Agent.Paths;

/// <summary>What a packet can have on it besides its payload. The values are those of the messages between
/// agents.</summary>
public enum PathForm : byte
{
    /// <summary>Nothing: what every path must carry.</summary>
    Plain,
    /// <summary>A Destination Options header of 16 octets: destopt-v1.</summary>
    Header16,
    /// <summary>One of 32 octets: destopt-v2-clear.</summary>
    Header32,
    /// <summary>One of 48 octets: destopt-v2.</summary>
    Header48,
    /// <summary>One of 56 octets, which pdm6 never makes: it shows how close the limit is.</summary>
    Header56,
    /// <summary>28 octets behind the datagram: udp-option-clear.</summary>
    UdpOptionClear,
    /// <summary>44 octets behind the datagram: udp-option.</summary>
    UdpOption,
}
