using System.Buffers.Binary;
using Pdm6.Wire;

namespace Pdm6.Datapath;

/// <summary>
/// Rules applied to one packet, as they read: no tables, no masks. It explains what the kernel program does, and a test
/// holds both to each other.
/// </summary>
public static class PolicyMatch
{
    /// <summary>The first rule that fits; null if none does.</summary>
    public static int? FirstRule(IReadOnlyList<PolicyRule> rules, PolicyPacket packet)
    {
        ArgumentNullException.ThrowIfNull(rules);
        for (int i = 0; i < rules.Count; i++)
            if (FirstMismatch(rules[i], packet) is null)
                return i;
        return null;
    }

    /// <summary>The first respect in which the rule does not fit the packet; null if it fits.</summary>
    public static PolicyAspect? FirstMismatch(PolicyRule rule, PolicyPacket packet)
    {
        ArgumentNullException.ThrowIfNull(rule);
        ArgumentNullException.ThrowIfNull(packet);
        foreach (PolicyAspect aspect in Enum.GetValues<PolicyAspect>())
            if (!Fits(rule, packet, aspect))
                return aspect;
        return null;
    }

    /// <summary>Is the flow one of those that the rule measures? The same for both directions, on every host.</summary>
    public static bool SamplesFlow(PolicyRule rule, in FlowKey flow)
    {
        ArgumentNullException.ThrowIfNull(rule);
        return rule.SampleOneIn == 1 || rule.SamplesPackets || (ulong)SymmetricHash(flow) * rule.SampleOneIn >> 32 == 0;
    }

    private static bool Fits(PolicyRule rule, PolicyPacket packet, PolicyAspect aspect) => aspect switch
    {
        PolicyAspect.Protocol => rule.Protocols.Count == 0 || rule.Protocols.Contains(packet.Flow.Protocol),
        PolicyAspect.Ports => rule.Ports.Count == 0
            || NextHeader.HasPorts(packet.Flow.Protocol) && rule.Ports.Any(range => IsIn(packet.Flow.SourcePort, range) || IsIn(packet.Flow.DestinationPort, range)),
        PolicyAspect.Dscp => rule.Dscps.Count == 0 || rule.Dscps.Contains(packet.Dscp),
        PolicyAspect.Mark => rule.Mark.Fits(packet.Mark),
        PolicyAspect.Interface => rule.Interfaces.Count == 0 || rule.Interfaces.Contains(packet.Interface),
        PolicyAspect.Cgroup => rule.Cgroups.Count == 0 || rule.Cgroups.Any(group => packet.Cgroups?.Contains(group) == true),
        PolicyAspect.Destination => IsIn(packet.Flow.Destination, rule.Destinations) && !IsIn(packet.Flow.Destination, rule.ExceptDestinations),
        PolicyAspect.Source => IsIn(packet.Flow.Source, rule.Sources) && !IsIn(packet.Flow.Source, rule.ExceptSources),
        _ => throw new ArgumentOutOfRangeException(nameof(aspect)),
    };

    private static bool IsIn(ushort port, PortRange range) => port >= range.First && port <= range.Last;

    private static bool IsIn(Ipv6Address address, IReadOnlyList<Ipv6Prefix> prefixes) => prefixes.Any(prefix => prefix.Contains(address));

    // pdm6_symmetric_hash of bpf/pdm6_sampling.h, on a little-endian machine
    private static uint SymmetricHash(in FlowKey flow)
    {
        Span<byte> source = stackalloc byte[16], destination = stackalloc byte[16];
        flow.Source.Write(source);
        flow.Destination.Write(destination);
        uint ports = flow.Protocol == NextHeader.Icmpv6 ? flow.DestinationPort : (uint)flow.SourcePort + flow.DestinationPort;
        unchecked
        {
            ulong hash = (Word(source, 0) + Word(destination, 0))
                ^ ((Word(source, 8) + Word(destination, 8)) * 0x9e3779b97f4a7c15ul) ^ ((ulong)ports << 8 | flow.Protocol);
            hash ^= hash >> 32;
            hash *= 0xd6e8feb86659fd93ul;
            hash ^= hash >> 32;
            hash *= 0xd6e8feb86659fd93ul;
            return (uint)(hash >> 32);
        }
    }

    private static ulong Word(ReadOnlySpan<byte> address, int offset) => BinaryPrimitives.ReadUInt64LittleEndian(address[offset..]);
}
