using Pdm6.Probe.Native;

namespace Pdm6.Probe.Reflecting;

/// <summary>Decides about a datagram that a reflector received. Does no I/O; time is an argument.</summary>
internal interface IReflection : IDisposable
{
    /// <summary>Octets of the largest datagram that may come.</summary>
    int LargestRequest { get; }

    /// <summary>Writes the reply, never longer than the request; returns its octets, 0 for no reply.</summary>
    /// <param name="request">What came.</param>
    /// <param name="now">The time now.</param>
    /// <param name="reply">Room for the reply, as large as the largest request.</param>
    int Reflect(in ReceivedDatagram request, in ReflectorTime now, Span<byte> reply);
}
