using Pdm6.Datapath.Attachment;
using Pdm6.Datapath.Native;
using Pdm6.Wire;

namespace Pdm6.Datapath.Tests;

/// <summary>Coming to an interface and leaving it, by tcx and by clsact.</summary>
[Collection(nameof(KernelObjects))]
public class AttachmentTests
{
    [KernelTheory]
    [InlineData(false)]
    [InlineData(true)]
    public void Attach_ThenDispose_LeavesNothing(bool forceClsact) => OwnNamespace.Run(() =>
    {
        HashSet<uint> programsBefore = KernelObjects.HeldPrograms(), mapsBefore = KernelObjects.HeldMaps();
        List<uint> programs, maps;
        int index = OwnNamespace.AddVethPair("pdm6a", "pdm6b");

        using (KernelDatapath datapath = TestDatapath.Load(forceClsact: forceClsact))
        {
            datapath.Attach(index);
            datapath.Publish(datapath.PrepareEpoch(1, 0, ulong.MaxValue));
            // Both directions, what goes on with udp-frames in each, and the three that user space runs.
            programs = [.. KernelObjects.HeldPrograms().Except(programsBefore)];
            maps = [.. KernelObjects.HeldMaps().Except(mapsBefore)];
            Assert.True(programs.Count >= 7 && maps.Count > 0, $"{programs.Count} programs and {maps.Count} maps");
            Assert.True(KernelObjects.AnyProgramOf(programs) && KernelObjects.AnyMapOf(maps), "they are not seen");
            Assert.Equal(forceClsact, HasClsact());
        }

        Assert.False(HasClsact());
        Poll.Until(() => !KernelObjects.AnyProgramOf(programs), "programs are left");
        Poll.Until(() => !KernelObjects.AnyMapOf(maps), "maps are left");
    });

    [KernelTheory]
    [InlineData(false)]
    [InlineData(true)]
    public void Attach_RealTraffic_RunsBothPrograms(bool forceClsact) => OwnNamespace.Run(() =>
    {
        int index = OwnNamespace.AddVethPair("pdm6a", "pdm6b");
        using KernelDatapath datapath = TestDatapath.Load(forceClsact: forceClsact);
        datapath.SetPolicy(PolicyTables.Compile([new PolicyRule([new Ipv6Prefix(default, 0)], [], [])]));
        datapath.Attach(index);

        // Neighbour discovery of the new interface is multicast, which the egress program counts.
        Poll.Until(() => datapath.ReadCounters().BeforeRules(PacketOutcome.Multicast) > 0, "no packet met the egress program");
    });

    [KernelFact]
    public void Attach_InterfaceWithALiveAgent_IsRefused() => OwnNamespace.Run(() =>
    {
        int index = OwnNamespace.AddVethPair("pdm6a", "pdm6b");
        using KernelDatapath first = TestDatapath.Load();
        using KernelDatapath second = TestDatapath.Load();
        first.Attach(index);

        DatapathException refused = Assert.Throws<DatapathException>(() => second.Attach(index));

        Assert.Contains("Another pdm6 agent", refused.Message, StringComparison.Ordinal);
        first.Detach();
        second.Attach(index);
    });

    [KernelFact]
    public void Attach_FiltersOfAKilledAgent_AreRemoved() => OwnNamespace.Run(() =>
    {
        int index = OwnNamespace.AddVethPair("pdm6a", "pdm6b");
        using KernelDatapath killed = TestDatapath.Load();
        // A killed agent: its filters are there, its claim is not.
        _ = ClsactAttachment.Attach(killed.Program("pdm6_ingress"), killed.Program("pdm6_egress"), index);
        Assert.Equal(2, FilterCount());

        using KernelDatapath next = TestDatapath.Load(forceClsact: false);
        next.Attach(index);

        Assert.Equal(0, FilterCount());
    });

    [KernelTheory]
    [InlineData(false)]
    [InlineData(true)]
    public void Attach_ClsactOfAnother_IsUsedAndStays_WhoeverWasKilled(bool isAnothers) => OwnNamespace.Run(() =>
    {
        int index = OwnNamespace.AddVethPair("pdm6a", "pdm6b");
        if (isAnothers)
            OwnNamespace.Execute("tc", "qdisc", "add", "dev", "pdm6a", "clsact");
        using KernelDatapath killed = TestDatapath.Load();
        for (int agent = 0; agent < 2; agent++) // the second clears up behind the first, and is killed as well
            _ = ClsactAttachment.Attach(killed.Program("pdm6_ingress"), killed.Program("pdm6_egress"), index);

        using (KernelDatapath next = TestDatapath.Load(forceClsact: true))
        {
            Assert.False(next.Attach(index));
            Assert.Equal(2, FilterCount());
        }

        Assert.Equal(isAnothers, HasClsact());
        Assert.Equal(0, isAnothers ? FilterCount() : 0);
    });

    [KernelTheory]
    [InlineData(false)]
    [InlineData(true)]
    public void Attach_WithoutTcx_TellsWhetherItAddedClsact(bool hasClsact) => OwnNamespace.Run(() =>
    {
        int index = OwnNamespace.AddVethPair("pdm6a", "pdm6b");
        if (hasClsact)
            OwnNamespace.Execute("tc", "qdisc", "add", "dev", "pdm6a", "clsact");
        using KernelDatapath datapath = TestDatapath.Load(forceClsact: true);

        Assert.Equal(!hasClsact, datapath.Attach(index));
        datapath.Detach();

        Assert.Equal(hasClsact, HasClsact());
    });

    [KernelFact]
    public void Detach_FiltersOfOthersInClsact_Stay() => OwnNamespace.Run(() =>
    {
        int index = OwnNamespace.AddVethPair("pdm6a", "pdm6b");
        using KernelDatapath other = TestDatapath.Load();
        using (KernelDatapath datapath = TestDatapath.Load(forceClsact: true))
        {
            datapath.Attach(index);
            AddFilterOfAnother(other.Program("pdm6_retire"), index);
            Assert.Equal(3, FilterCount());
        }

        Assert.True(HasClsact());
        Assert.Equal(1, FilterCount());
    });

    [KernelFact]
    public void Attach_NoSuchInterface_SaysSo() => OwnNamespace.Run(() =>
    {
        using KernelDatapath datapath = TestDatapath.Load();

        DatapathException refused = Assert.Throws<DatapathException>(() => datapath.Attach(4711));

        Assert.Equal(Libc.ErrorNoDevice, refused.Errno);
        Assert.Contains("interface with index 4711", refused.Message, StringComparison.Ordinal);
    });

    [KernelFact]
    public void Find_Interfaces_TellsIndexAndLinkType() => OwnNamespace.Run(() =>
    {
        int index = OwnNamespace.AddVethPair("pdm6a", "pdm6b");

        Assert.Equal(index, HostInterface.Find("pdm6a")!.Index);
        Assert.True(HostInterface.Find("pdm6a")!.IsEthernet);
        Assert.False(HostInterface.Find("lo")!.IsEthernet);
        Assert.Null(HostInterface.Find("absent0"));
        Assert.Null(HostInterface.Find("a name that is too long"));
    });

    private static bool HasClsact() =>
        OwnNamespace.Execute("tc", "qdisc", "show", "dev", "pdm6a").Contains("clsact", StringComparison.Ordinal);

    private static int FilterCount() => new[] { "ingress", "egress" }
        .Sum(hook => OwnNamespace.Execute("tc", "filter", "show", "dev", "pdm6a", hook).Split("handle 0x").Length - 1);

    private static unsafe void AddFilterOfAnother(BpfProgram program, int index)
    {
        TcHook hook = new() { Size = (nuint)sizeof(TcHook), InterfaceIndex = index, AttachPoint = TcHook.Ingress };
        TcOptions options = new() { Size = (nuint)sizeof(TcOptions), ProgramFd = program.Descriptor, Handle = 1, Priority = 1 };
        Assert.Equal(0, Libbpf.bpf_tc_attach(&hook, &options));
    }
}
