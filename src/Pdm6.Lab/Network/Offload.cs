namespace Pdm6.Lab;

/// <summary>Work that the kernel can leave to a network interface.</summary>
public enum Offload
{
    /// <summary>Cutting TCP super-packets into segments (TSO).</summary>
    TcpSegmentation,
    /// <summary>Keeping super-packets whole until the interface (GSO); without it TCP makes single segments.</summary>
    Segmentation,
    /// <summary>Joining received segments (GRO).</summary>
    Receive,
    /// <summary>Computing checksums on sending.</summary>
    TransmitChecksum,
    /// <summary>Cutting UDP super-packets into datagrams (USO).</summary>
    UdpSegmentation,
}
