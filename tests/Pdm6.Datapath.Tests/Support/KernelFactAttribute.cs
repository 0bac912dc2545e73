namespace Pdm6.Datapath.Tests;

/// <summary>A test that loads programs into the kernel: skipped without the privileges for that.</summary>
public sealed class KernelFactAttribute : FactAttribute
{
    public KernelFactAttribute()
    {
        if (!Environment.IsPrivilegedProcess)
            Skip = "loads eBPF programs: run as root";
    }
}
