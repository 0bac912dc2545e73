namespace Pdm6.Probe.Native;

/// <summary>Takes what a socket's error queue tells.</summary>
internal interface IErrorQueueReader
{
    /// <summary>A datagram has left.</summary>
    void OnTransmitStamp(TransmitStamp stamp);

    /// <summary>A datagram did not arrive.</summary>
    void OnIcmpError(in IcmpError error);
}
