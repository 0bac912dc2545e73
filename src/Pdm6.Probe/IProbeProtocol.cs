using Pdm6.Probe.Sessions;

namespace Pdm6.Probe;

/// <summary>How requests to one target look on the wire, and how a genuine reply is told from anything else.</summary>
internal interface IProbeProtocol : IDisposable
{
    /// <summary>Octets of every request.</summary>
    int RequestSize { get; }

    /// <summary>Requests that ask for the reflector's final counts make sense: replies are numbered or carry
    /// counts.</summary>
    bool CanClose { get; }

    /// <summary>Writes a request, <see cref="RequestSize"/> octets.</summary>
    /// <exception cref="ProbeException">No more requests can be made.</exception>
    void WriteRequest(in RequestFacts request, Span<byte> packet);

    /// <summary>Reads a reply. False for anything that is not a genuine reply to a request of this instance.</summary>
    bool TryReadReply(ReadOnlySpan<byte> packet, out ReplyFacts reply);
}
