using Pdm6.Datapath.Native;

namespace Pdm6.Datapath;

/// <summary>
/// Waits until every run of a kernel program that began before the wait has ended. The kernel offers no call for that,
/// but an update of a map of maps from user space returns only after an RCU grace period (kernel/bpf/syscall.c,
/// maybe_wait_bpf_programs, since Linux 5.0), so one such map exists just for its updates.
/// </summary>
internal sealed class GracePeriod(BpfMap outer) : IDisposable
{
    private readonly BpfMap _inner = BpfMap.Create(Libbpf.MapTypeArray, "pdm6_grace", sizeof(uint), sizeof(uint), 1);

    internal void Wait() => outer.Set(0u, _inner.Descriptor);

    public void Dispose() => _inner.Dispose();
}
