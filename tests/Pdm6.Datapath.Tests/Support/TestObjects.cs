using Pdm6.Datapath.Native;

namespace Pdm6.Datapath.Tests;

/// <summary>The eBPF objects that only tests use, from this folder's <c>bpf/</c>.</summary>
internal static class TestObjects
{
    internal static BpfObject Open(string resource)
    {
        using Stream image = typeof(TestObjects).Assembly.GetManifestResourceStream(resource)!;
        byte[] elf = new byte[image.Length];
        image.ReadExactly(elf);
        return BpfObject.Open(elf);
    }
}
