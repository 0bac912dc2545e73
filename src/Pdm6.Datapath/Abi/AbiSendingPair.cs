using System.Runtime.InteropServices;

namespace Pdm6.Datapath.Abi;

[AbiStruct("pdm6_sending_pair")]
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct AbiSendingPair
{
    public AbiKey Key;
    public ulong Serial;
    public ulong DeadlineNs;
    public uint Epoch;
    public uint Path;
    public fixed ulong Sealed[AbiLimits.MaxRules];
}
