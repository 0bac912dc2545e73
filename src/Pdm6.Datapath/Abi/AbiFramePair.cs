using System.Runtime.InteropServices;

namespace Pdm6.Datapath.Abi;

[AbiStruct("pdm6_frame_pair")]
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct AbiFramePair
{
    public AbiKey Key;
    public ulong Serial;
    public ulong DeadlineNs;
    public ulong Taken;
    public uint Epoch;
    public uint Zero;
    public fixed ulong Sealed[AbiLimits.MaxRules];
}
