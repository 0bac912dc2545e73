namespace Pdm6.Probe.Native;

/// <summary>Of which datagrams the kernel says when they left.</summary>
internal enum TransmitStamping
{
    /// <summary>Of none.</summary>
    None,
    /// <summary>Of those that ask for it.</summary>
    OnRequest,
    /// <summary>Of all.</summary>
    Every,
}
