using Pdm6.Security;

namespace Pdm6.Probe.Registered;

/// <summary>What a context of udp-frames is for. A host that asks and answers has one of each.</summary>
public enum FrameRole
{
    /// <summary>It asks: <see cref="Carriages.ProbeRequests"/>.</summary>
    Prober,
    /// <summary>It answers: <see cref="Carriages.ProbeReplies"/>.</summary>
    Reflector,
}
