using Pdm6.Probe.Frames;
using Pdm6.Probe.Stamp;
using Pdm6.Security;
using Pdm6.Wire;

namespace Pdm6.Probe.Reflecting;

/// <summary>How a <see cref="Reflector"/> is set up.</summary>
public sealed record ReflectorOptions
{
    /// <summary>How probers speak.</summary>
    public ProbeProtocol Protocol { get; init; } = ProbeProtocol.UdpFrame;
    /// <summary>Address to listen on; default for all.</summary>
    public Ipv6Address Address { get; init; }
    /// <summary>Port to listen on; 0 for one that is free.</summary>
    public ushort Port { get; init; } = ProbePorts.UdpFrame;
    /// <summary>The only interface to listen on; null for all.</summary>
    public string? Interface { get; init; }
    /// <summary>The key shared with the probers. udp-frame needs one or <see cref="FrameKeys"/>; STAMP is authenticated with
    /// one.</summary>
    public KeyFile? Key { get; init; }
    /// <summary>udp-frame: the keys of probers, instead of <see cref="Key"/>. The reflector does not dispose of it.</summary>
    public IFrameKeys? FrameKeys { get; init; }
    /// <summary>Contexts whose udp-frames are recorded, too: those of kernels. <see cref="Key"/> gives their secrets.</summary>
    public IReadOnlyList<Announcement> Announcements { get; init; } = [];
    /// <summary>File to append opened frames to (udp-frame only); null for none.</summary>
    public string? LogPath { get; init; }
    /// <summary>What it does at most.</summary>
    public ReflectorLimits Limits { get; init; } = ReflectorLimits.Usual;
    /// <summary>STAMP: replies are numbered by session instead of with their request's number.</summary>
    public bool IsStateful { get; init; } = true;
    /// <summary>STAMP: how instants are written.</summary>
    public StampTimestampFormat TimestampFormat { get; init; }
    /// <summary>By how much this host's clock is off at most; null to ask the kernel.</summary>
    public TimeSpan? ClockError { get; init; }
}
