using Pdm6.Probe.Frames;
using Pdm6.Probe.Stamp;
using Pdm6.Security;
using Pdm6.Wire;

namespace Pdm6.Probe;

/// <summary>What a <see cref="Prober"/> asks, and how.</summary>
public sealed record ProberOptions
{
    /// <summary>Who is asked; no address twice with one port.</summary>
    public required IReadOnlyList<ProbeTarget> Targets { get; init; }
    /// <summary>How it is asked.</summary>
    public ProbeProtocol Protocol { get; init; } = ProbeProtocol.UdpFrame;
    /// <summary>The key shared with the reflectors. udp-frame needs one or <see cref="FrameKeys"/>; STAMP is authenticated
    /// with one.</summary>
    public KeyFile? Key { get; init; }
    /// <summary>udp-frame: the keys of reflectors, instead of <see cref="Key"/>. The prober does not dispose of it.</summary>
    public IFrameKeys? FrameKeys { get; init; }
    /// <summary>Requests to each target; null for as many as fit the time.</summary>
    public long? Count { get; init; }
    /// <summary>How often each target is asked.</summary>
    public Pace Pace { get; init; } = Pace.Every(TimeSpan.FromSeconds(1));
    /// <summary>UDP payload octets of a request; null for the smallest into which a whole reply fits.</summary>
    public int? Octets { get; init; }
    /// <summary>No request is sent later than this after the first; null for no end.</summary>
    public TimeSpan? Duration { get; init; }
    /// <summary>Everything ends so long after the first request, whatever is still on its way; null for no such
    /// limit.</summary>
    public TimeSpan? Deadline { get; init; }
    /// <summary>A request without a reply for so long is lost.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(2);
    /// <summary>Source address; default for the system's choice.</summary>
    public Ipv6Address Source { get; init; }
    /// <summary>Interface; null for the routing table's choice.</summary>
    public string? Interface { get; init; }
    /// <summary>Hop limit; null for the system's.</summary>
    public byte? HopLimit { get; init; }
    /// <summary>DSCP, 0 to 63.</summary>
    public byte Dscp { get; init; }
    /// <summary>Flow label, 20 bits; 0 for the system's choice.</summary>
    public uint FlowLabel { get; init; }
    /// <summary>STAMP: the reflectors number their replies by themselves.</summary>
    public bool IsStateful { get; init; }
    /// <summary>STAMP: how instants are written.</summary>
    public StampTimestampFormat TimestampFormat { get; init; }
    /// <summary>By how much this host's clock is off at most; null to ask the kernel.</summary>
    public TimeSpan? ClockError { get; init; }

    /// <summary>How often <see cref="IProbeSink.OnProgress"/> is called; null for never.</summary>
    public TimeSpan? ProgressEvery { get; init; }

    /// <summary>The smallest request of a protocol.</summary>
    public static int SmallestRequest(ProbeProtocol protocol, bool authenticated) => protocol switch
    {
        ProbeProtocol.UdpFrame => FrameSizes.SmallestRequest,
        _ => (authenticated ? StampFields.Authenticated : StampFields.Unauthenticated).Size,
    };

    /// <summary>The largest request of any protocol.</summary>
    public const int LargestRequest = FrameSizes.Largest;

    /// <exception cref="ProbeException">A value cannot be used.</exception>
    internal void Validate()
    {
        int smallest = SmallestRequest(Protocol, Key is not null);
        if (Targets.Count == 0)
            throw new ProbeException("There is nobody to ask: name a host.");
        if (Targets.GroupBy(target => (target.Address, target.Port, target.ScopeId)).FirstOrDefault(same => same.Count() > 1) is { } twice)
            throw new ProbeException($"{string.Join(" and ", twice.Select(target => target.Name))} are one address, {twice.Key.Address}: name it once.");
        if (Targets.FirstOrDefault(target => target.Address.IsMulticast) is { } multicast)
            throw new ProbeException($"{multicast.Address} is a multicast address: name one host.");
        if (Octets is { } octets && (octets < smallest || octets > LargestRequest))
            throw new ProbeException($"A request takes {smallest} to {LargestRequest} octets: its reply must fit into as many.");
        if (Count < 1 || Count > uint.MaxValue / 2)
            throw new ProbeException($"The count is a number from 1 to {uint.MaxValue / 2}.");
        if (Dscp > 63)
            throw new ProbeException("A DSCP is a number from 0 to 63.");
        if (FlowLabel >= 1 << 20)
            throw new ProbeException("A flow label is a number of 20 bits.");
        if (Timeout <= TimeSpan.Zero || Duration <= TimeSpan.Zero || Deadline <= TimeSpan.Zero)
            throw new ProbeException("Times must be above 0.");
    }
}
