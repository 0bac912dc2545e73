namespace Pdm6.Datapath.Tests;

public class HostRequirementsTests
{
    private const ulong NetAdmin = 1ul << 12, SysAdmin = 1ul << 21, Perfmon = 1ul << 38, Bpf = 1ul << 39;

    [Theory]
    [InlineData(NetAdmin | Perfmon | Bpf)]
    [InlineData(NetAdmin | SysAdmin)]
    public void Require_EnoughCapabilities_Passes(ulong capabilities) => HostRequirements.Require(new Version(5, 17), capabilities);

    [Theory]
    [InlineData(0, "CAP_NET_ADMIN and CAP_PERFMON and CAP_BPF")]
    [InlineData(SysAdmin, "CAP_NET_ADMIN")]
    [InlineData(NetAdmin | Bpf, "CAP_PERFMON")]
    public void Require_MissingCapabilities_NamesThemInOneLine(ulong capabilities, string names)
    {
        DatapathException refused = Assert.Throws<DatapathException>(() => HostRequirements.Require(new Version(6, 1), capabilities));

        Assert.Equal($"Loading the kernel programs needs {names}: run as root, or grant the capabilities.", refused.Message);
    }

    [Fact]
    public void Require_OldKernel_SaysSoInOneLine()
    {
        DatapathException refused = Assert.Throws<DatapathException>(() => HostRequirements.Require(new Version(5, 10, 3), ulong.MaxValue));

        Assert.Equal("This kernel is Linux 5.10; pdm6 needs 5.17 or later: install a newer kernel.", refused.Message);
    }

    [Theory]
    [InlineData("#1 SMP PREEMPT_RT Debian 6.12.1-1 (2024-11-29)", false)]
    [InlineData("#1 SMP PREEMPT_DYNAMIC @0", true)]
    public void RequireSoftirqsThatExclude_KernelBuild_RefusesRealTime(string kernelBuild, bool passes)
    {
        Exception? refused = Record.Exception(() => HostRequirements.RequireSoftirqsThatExclude(kernelBuild));

        Assert.Equal(passes, refused is null);
        Assert.True(passes || refused is DatapathException);
    }

    [Theory]
    [InlineData("Name:\tx\nCapEff:\t000001fffeffffff\nCapBnd:\t0\n", 0x1fffeffffff)]
    [InlineData("CapEff:\t0000000000000001", 1)]
    [InlineData("Name:\tx\n", 0)]
    public void EffectiveCapabilities_StatusText_FindsTheSet(string status, ulong expected) =>
        Assert.Equal(expected, HostRequirements.EffectiveCapabilities(status));
}
