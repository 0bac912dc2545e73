using Pdm6.Wire;

namespace Pdm6.Probe.Frames;

/// <summary>Where udp-frames get their keys from: one key file for all, or grants.</summary>
public interface IFrameKeys
{
    /// <summary>Keys to ask a target with, in one run.</summary>
    /// <exception cref="ProbeException">There are none.</exception>
    AskingKeys ForTarget(ProbeTarget target);

    /// <summary>Keys of those who may have sent a frame from one address to another, newest first; empty if nobody may
    /// have. Called by the reflector's thread for every frame; what it returns does not change.</summary>
    IReadOnlyList<AnsweringKeys> ForSender(Ipv6Address source, Ipv6Address destination);
}
