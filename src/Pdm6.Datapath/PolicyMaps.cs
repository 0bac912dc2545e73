using System.Runtime.InteropServices;
using Pdm6.Datapath.Abi;
using Pdm6.Datapath.Native;
using Pdm6.Wire;

namespace Pdm6.Datapath;

/// <summary>
/// Writes policies into the kernel so that a packet sees the whole old or the whole new one: each is written beside the
/// one in use, under a generation of its own; then one word says which generation is in use.
/// </summary>
internal sealed class PolicyMaps(BpfObject programs, SharedSettings settings, GracePeriod grace, bool strips, IReadOnlyList<PortRange> receivedFrames)
{
    private readonly BpfMap _policies = programs.Map("policies");
    private readonly BpfMap _byDestination = programs.Map("rules_by_destination");
    private readonly BpfMap _bySource = programs.Map("rules_by_source");
    private readonly BpfMap _framePorts = programs.Map("frame_ports");
    private readonly BpfMap _byOrigin = programs.Map("rules_by_origin");
    private readonly List<AbiOrigin> _origins = [];
    private uint _generation;

    internal void Write(PolicyTables tables)
    {
        uint generation = _generation + 1;
        List<AbiOrigin> former = [.. _origins];
        _origins.Clear();
        WritePrefixes(_byDestination, tables.ByDestination, generation);
        WritePrefixes(_bySource, tables.BySource, generation);
        foreach ((int index, uint mask) in tables.ByInterface)
            WriteOrigin(new AbiOrigin { Generation = generation, Dimension = AbiDimensions.ByInterface, Id = (ulong)index }, mask);
        foreach ((ControlGroup group, uint mask) in tables.ByCgroup)
            WriteOrigin(new AbiOrigin { Generation = generation, Dimension = AbiDimensions.ByCgroup, Id = group.Id }, mask);
        WriteTables(tables, generation);
        WriteFramePorts(tables);

        settings.UsePolicy(generation);
        _generation = generation;
        grace.Wait(); // whoever read the former generation is through: its place may be written again
        foreach (AbiOrigin origin in former)
            _byOrigin.Remove(origin);
    }

    private static void WritePrefixes(BpfMap bySlot, IReadOnlyDictionary<Ipv6Prefix, uint> masks, uint generation)
    {
        using BpfMap prefixes = BpfMap.Create(
            Libbpf.MapTypeLpmTrie, "pdm6_prefixes", Marshal.SizeOf<AbiPrefix>(), sizeof(uint), PolicyTables.MaxPrefixes, Libbpf.MapNoPrealloc);
        foreach ((Ipv6Prefix prefix, uint mask) in masks)
            prefixes.Set(AbiPrefix.From(prefix), mask);
        bySlot.Set(generation & 1, prefixes.Descriptor);
    }

    /// <summary>Where to look for received udp-frames: no promise of the policy, so not a part of it.</summary>
    private void WriteFramePorts(PolicyTables tables)
    {
        AbiFramePorts ports = default;
        foreach (PortRange range in tables.Rules.Where(rule => rule.Carriage == PacketCarriage.UdpFrame).SelectMany(rule => rule.Ports).Concat(receivedFrames))
            ports.Add(range);
        _framePorts.Set(0u, ports);
    }

    private void WriteOrigin(AbiOrigin origin, uint mask)
    {
        _origins.Add(origin); // before it is there: should this fail, the next policy removes what was written
        _byOrigin.Set(origin, mask);
    }

    private unsafe void WriteTables(PolicyTables tables, uint generation)
    {
        AbiPolicy* policy = (AbiPolicy*)NativeMemory.AllocZeroed((nuint)sizeof(AbiPolicy));
        try
        {
            Fill(ref *policy, tables, generation);
            _policies.Set(generation & 1, *policy);
        }
        finally
        {
            NativeMemory.Free(policy);
        }
    }

    private unsafe void Fill(ref AbiPolicy policy, PolicyTables tables, uint generation)
    {
        policy.Generation = generation;
        policy.Dimensions = tables.Dimensions;
        policy.AnyInterface = tables.AnyInterface;
        policy.AnyCgroup = tables.AnyCgroup;
        policy.Pps = tables.PacketsPerSecond;
        DestinationFilter filter = new(tables.ByDestination);
        policy.DestinationShift = (uint)filter.Shift;
        foreach (int level in tables.CgroupLevels)
            policy.CgroupLevels[policy.CgroupLevelCount++] = (uint)level;
        fixed (byte* rules = policy.Rules)
            for (int i = 0; i < tables.Rules.Count; i++)
                ((AbiRule*)rules)[i] = AbiRule.From(tables.Rules[i], i, strips);
        fixed (uint* byFirstBits = policy.DestinationFilter, byDscp = policy.ByDscp, byProtocol = policy.ByProtocol, byPort = policy.ByPort)
        {
            filter.Words.CopyTo(new Span<uint>(byFirstBits, filter.Words.Length));
            tables.ByDscp.Span.CopyTo(new Span<uint>(byDscp, tables.ByDscp.Length));
            tables.ByProtocol.Span.CopyTo(new Span<uint>(byProtocol, tables.ByProtocol.Length));
            tables.ByPort.Span.CopyTo(new Span<uint>(byPort, tables.ByPort.Length));
        }
    }
}
