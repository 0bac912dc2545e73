using System.Runtime.InteropServices;

namespace Pdm6.Datapath.Abi;

[AbiStruct("pdm6_ingress_counters")]
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct AbiIngressCounters
{
    public const int VerdictCount = 10;

    public fixed ulong Verdicts[VerdictCount];
    public ulong Stripped;
    public ulong RingLost;
}
