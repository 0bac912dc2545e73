using System.Numerics;
using Pdm6.Wire;

namespace Pdm6.Datapath;

/// <summary>Sizes and settings of one datapath, fixed when it is loaded.</summary>
public sealed record DatapathOptions
{
    /// <summary>Flows that can be measured at a time. A full table leaves new flows unmeasured and counts them.</summary>
    public int FlowTableSize { get; init; } = 65536;

    /// <summary>Octets of the ring buffer: a power of two, whole pages. By default it holds what three million packets a
    /// second bring in 70 ms, which a thread on a busy host may wait for its processor.</summary>
    public int RingSize { get; init; } = 32 << 20;

    /// <summary>Address pairs that can have a key in one epoch.</summary>
    public int PairsPerEpoch { get; init; } = 65536;

    /// <summary>Option type of the PDMv2 destination option, on sending and receiving.</summary>
    public byte OptionType { get; init; } = Pdmv2OptionView.DefaultOptionType;

    /// <summary>The ExID that tells the PDMv2 UDP option from other experiments, on sending and receiving.</summary>
    public ushort UdpOptionExId { get; init; } = UdpOption.DefaultExId;

    /// <summary>The largest packet that the option may make, octets; super-packets are segmented later and exempt.</summary>
    public int PathMtu { get; init; } = 1280;

    /// <summary>Take the option off on ingress, before the applications' side of the stack sees it.</summary>
    public bool Strip { get; init; }

    /// <summary>Let options in clear, PDMv1 included, update state, unless they come from a source that has receiving
    /// keys here. Nobody can tell who sent them: protocol reference, section 9.</summary>
    public bool AcceptClearOptions { get; init; }

    /// <summary>UDP ports at which udp-frames are looked for on receiving, besides those that rules send them to or
    /// from.</summary>
    public IReadOnlyList<PortRange> FramePorts { get; init; } = [];

    /// <summary>Report address pairs that a rule selects but that have no key.</summary>
    public bool ReportUnknownPairs { get; init; }

    /// <summary>Report flows that send a lot: whoever takes the reports prepares numbers for them with
    /// <see cref="NumberLanes"/>.</summary>
    public bool ReportBusyFlows { get; init; }

    /// <summary>Attach by clsact although the kernel has tcx: for tests.</summary>
    public bool ForceClsact { get; init; }

    /// <exception cref="ArgumentException">A value that cannot work: a caller's mistake.</exception>
    internal void RequireValid()
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(FlowTableSize, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(FlowTableSize, 1 << 24);
        ArgumentOutOfRangeException.ThrowIfLessThan(PairsPerEpoch, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(PairsPerEpoch, 1 << 24);
        ArgumentOutOfRangeException.ThrowIfLessThan(PathMtu, 1280);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(PathMtu, ushort.MaxValue + 40);
        if (!BitOperations.IsPow2(RingSize) || RingSize % Environment.SystemPageSize != 0)
            throw new ArgumentException($"A ring of {RingSize} octets is not a power of two of whole pages.");
    }
}
