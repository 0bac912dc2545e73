using System.Runtime.InteropServices;
using Pdm6.Wire;

namespace Pdm6.Datapath.Tests;

/// <summary>What several tests of the loaded datapath need.</summary>
internal static unsafe partial class TestDatapath
{
    internal static readonly AddressPair Pair = new(Ipv6Address.Parse("2001:db8::1"), Ipv6Address.Parse("2001:db8::2"));

    /// <summary>Small, so that the tests are quick.</summary>
    internal static KernelDatapath Load(int flowTableSize = 16, bool forceClsact = false) =>
        KernelDatapath.Load(new DatapathOptions { FlowTableSize = flowTableSize, RingSize = 1 << 16, PairsPerEpoch = 64, ForceClsact = forceClsact });

    /// <summary>Some key: these tests seal nothing.</summary>
    internal static byte[] AnyKey() => new byte[KernelDatapath.PackedKeySize];

    /// <summary>Takes the oldest free slot, as the program does for a new flow.</summary>
    internal static bool TryPopFreeSlot(this KernelDatapath datapath, out uint slot)
    {
        uint value = 0;
        int result = bpf_map_lookup_and_delete_elem(datapath.Map("free_slots").Descriptor, null, &value);
        slot = value;
        return result == 0;
    }

    [LibraryImport("libbpf.so.1")]
    private static partial int bpf_map_lookup_and_delete_elem(int map, void* key, void* value);
}
