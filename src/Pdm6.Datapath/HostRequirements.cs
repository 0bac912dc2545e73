using System.Globalization;

namespace Pdm6.Datapath;

/// <summary>May this process, on this kernel, load the datapath? Asked before anything on the host is changed.</summary>
public static class HostRequirements
{
    /// <summary>The oldest kernel that has all the helpers (bpf_loop is the newest) and map operations that are used.</summary>
    public static readonly Version OldestKernel = new(5, 17);

    /// <summary>The first kernel with tcx.</summary>
    internal static readonly Version TcxKernel = new(6, 6);

    // include/uapi/linux/capability.h. Perfmon lets the verifier accept the programs without slow-downs against
    // speculative execution, which only matter for programs of untrusted users.
    private static readonly (int Bit, string Name)[] s_capabilities =
        [(12, "CAP_NET_ADMIN"), (38, "CAP_PERFMON"), (39, "CAP_BPF")];
    private const int SysAdmin = 21; // implies the two latter

    /// <summary>The running kernel's version.</summary>
    public static Version KernelVersion => Environment.OSVersion.Version;

    /// <summary>Throws, with one line that says what to do, if the datapath cannot work here.</summary>
    /// <exception cref="DatapathException">Kernel too old or built for real time, or capabilities are missing.</exception>
    public static void Require()
    {
        Require(KernelVersion, EffectiveCapabilities(File.ReadAllText("/proc/self/status")));
        RequireSoftirqsThatExclude(File.ReadAllText("/proc/sys/kernel/version"));
    }

    /// <summary>
    /// The programs' working memory is one for each processor, and belongs to one run because a softirq is not
    /// interrupted by another on the same processor. With PREEMPT_RT it may be, and two runs would mix nonces.
    /// </summary>
    internal static void RequireSoftirqsThatExclude(string kernelBuild)
    {
        if (kernelBuild.Contains("PREEMPT_RT", StringComparison.Ordinal))
            throw new DatapathException(
                "This kernel is built for real time (PREEMPT_RT), where two packets may be sealed at once on one processor: boot another kernel.");
    }

    internal static void Require(Version kernel, ulong capabilities)
    {
        if (kernel < OldestKernel)
            throw new DatapathException(
                $"This kernel is Linux {kernel.ToString(2)}; pdm6 needs {OldestKernel} or later: install a newer kernel.");
        List<string> missing = [];
        foreach ((int bit, string name) in s_capabilities)
            if (!Has(bit) && !(bit > SysAdmin && Has(SysAdmin)))
                missing.Add(name);
        if (missing.Count > 0)
            throw new DatapathException(
                $"Loading the kernel programs needs {string.Join(" and ", missing)}: run as root, or grant the capabilities.");

        bool Has(int bit) => (capabilities >> bit & 1) != 0;
    }

    /// <summary>Reads the effective set from the text of /proc/self/status.</summary>
    internal static ulong EffectiveCapabilities(string status)
    {
        const string label = "CapEff:";
        int start = status.IndexOf(label, StringComparison.Ordinal);
        ReadOnlySpan<char> line = start < 0 ? "" : status.AsSpan(start + label.Length);
        int end = line.IndexOf('\n');
        return ulong.TryParse((end < 0 ? line : line[..end]).Trim(), NumberStyles.HexNumber, CultureInfo.InvariantCulture, out ulong set)
            ? set : 0;
    }
}
