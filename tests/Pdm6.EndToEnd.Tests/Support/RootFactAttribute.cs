namespace Pdm6.EndToEnd.Tests;

/// <summary>A test that makes network namespaces and loads programs into the kernel: skipped for everybody but root.</summary>
public sealed class RootFactAttribute : FactAttribute
{
    public RootFactAttribute()
    {
        if (!Environment.IsPrivilegedProcess)
            Skip = "makes network namespaces and loads eBPF programs: run as root";
    }
}
