using System.Runtime.InteropServices;

namespace Pdm6.Datapath.Abi;

/// <summary>Numbers prepared for one flow. It lies in memory that the kernel's programs read, and is never
/// copied.</summary>
[AbiStruct("pdm6_lane")]
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct AbiLane
{
    internal const int ProductsSize = 32 * 16 * 2 * sizeof(ulong);

    public fixed ulong Numbers[AbiLimits.LaneNumbers * 4];
    public fixed ulong Products[32 * 16 * 2];
    public ulong Serial;
    public uint NextPsntp;
    public uint Zero;
    public fixed ulong Sealed[AbiLimits.MaxRules];
}
