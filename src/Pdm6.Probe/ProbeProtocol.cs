namespace Pdm6.Probe;

/// <summary>How prober and reflector speak.</summary>
public enum ProbeProtocol
{
    /// <summary>Encrypted udp-frames with a key file (protocol reference, section 4).</summary>
    UdpFrame,
    /// <summary>STAMP (RFC 8762); authenticated if there is a key file.</summary>
    Stamp,
}
