using System.Runtime.InteropServices;
using Pdm6.Datapath.Abi;
using Pdm6.Datapath.Native;
using Pdm6.Wire;

namespace Pdm6.Datapath;

/// <summary>
/// Writes policies into the kernel so that a packet sees the whole old or the whole new one: each is written beside the
/// one in use, under a generation of its own; then one word says which generation is in use.
/// </summary>
internal sealed class PolicyMaps(BpfObject programs, GracePeriod grace, bool strips)
{
    private readonly BpfMap _policies = programs.Map("policies");
    private readonly BpfMap _inUse = programs.Map("policy_in_use");
    private readonly BpfMap _byDestination = programs.Map("rules_by_destination");
    private readonly BpfMap _bySource = programs.Map("rules_by_source");
    private readonly BpfMap _byPlace = programs.Map("rules_by_place");
    private readonly List<AbiPlace> _places = [];
    private uint _generation;

    internal void Write(PolicyTables tables)
    {
        uint generation = _generation + 1;
        List<AbiPlace> former = [.. _places];
        _places.Clear();
        WritePrefixes(_byDestination, tables.ByDestination, generation);
        WritePrefixes(_bySource, tables.BySource, generation);
        foreach ((int index, uint mask) in tables.ByInterface)
            WritePlace(new AbiPlace { Generation = generation, Dimension = AbiDimensions.ByInterface, Id = (ulong)index }, mask);
        foreach ((ControlGroup group, uint mask) in tables.ByCgroup)
            WritePlace(new AbiPlace { Generation = generation, Dimension = AbiDimensions.ByCgroup, Id = group.Id }, mask);
        AbiPolicy[] policy = new AbiPolicy[1];
        Fill(ref policy[0], tables, generation);
        _policies.Set(generation & 1, policy[0]);

        _inUse.Set(0u, generation);
        _generation = generation;
        grace.Wait(); // whoever read the former generation is through: its place may be written again
        foreach (AbiPlace place in former)
            _byPlace.Remove(place);
    }

    private static void WritePrefixes(BpfMap bySlot, IReadOnlyDictionary<Ipv6Prefix, uint> masks, uint generation)
    {
        using BpfMap prefixes = BpfMap.Create(
            Libbpf.MapTypeLpmTrie, "pdm6_prefixes", Marshal.SizeOf<AbiPrefix>(), sizeof(uint), PolicyTables.MaxPrefixes, Libbpf.MapNoPrealloc);
        foreach ((Ipv6Prefix prefix, uint mask) in masks)
            prefixes.Set(AbiPrefix.From(prefix), mask);
        bySlot.Set(generation & 1, prefixes.Descriptor);
    }

    private void WritePlace(AbiPlace place, uint mask)
    {
        _places.Add(place); // before it is there: should this fail, the next policy removes what was written
        _byPlace.Set(place, mask);
    }

    private unsafe void Fill(ref AbiPolicy policy, PolicyTables tables, uint generation)
    {
        policy.Generation = generation;
        policy.Dimensions = tables.Dimensions;
        policy.AnyInterface = tables.AnyInterface;
        policy.AnyCgroup = tables.AnyCgroup;
        policy.Pps = tables.PacketsPerSecond;
        foreach (int level in tables.CgroupLevels)
            policy.CgroupLevels[policy.CgroupLevelCount++] = (uint)level;
        fixed (byte* rules = policy.Rules)
            for (int i = 0; i < tables.Rules.Count; i++)
                ((AbiRule*)rules)[i] = AbiRule.From(tables.Rules[i], i, strips);
        fixed (uint* byDscp = policy.ByDscp, byProtocol = policy.ByProtocol, byPort = policy.ByPort)
        {
            tables.ByDscp.Span.CopyTo(new Span<uint>(byDscp, tables.ByDscp.Length));
            tables.ByProtocol.Span.CopyTo(new Span<uint>(byProtocol, tables.ByProtocol.Length));
            tables.ByPort.Span.CopyTo(new Span<uint>(byPort, tables.ByPort.Length));
        }
    }
}
