namespace Pdm6.Datapath.Tests;

/// <summary>A theory that loads programs into the kernel: skipped without the privileges for that.</summary>
public sealed class KernelTheoryAttribute : TheoryAttribute
{
    public KernelTheoryAttribute()
    {
        if (!Environment.IsPrivilegedProcess)
            Skip = "loads eBPF programs: run as root";
    }
}
