using System.Runtime.InteropServices;

namespace Pdm6.Datapath.Abi;

/// <summary>A whole policy: a quarter of a megabyte, more than the runtime lets lie on the stack or in an array.</summary>
[AbiStruct("pdm6_policy")]
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct AbiPolicy
{
    public const int RuleSize = 24;

    public uint Generation;
    public AbiDimensions Dimensions;
    public uint AnyInterface;
    public uint AnyCgroup;
    public fixed uint CgroupLevels[AbiLimits.CgroupLevels];
    public uint CgroupLevelCount;
    public uint Pps;
    public uint DestinationShift;
    public fixed uint DestinationFilter[AbiLimits.FilterBits / 32];
    public fixed byte Rules[AbiLimits.MaxRules * RuleSize];
    public fixed uint ByDscp[64];
    public fixed uint ByProtocol[256];
    public fixed uint ByPort[AbiLimits.Portless + 1];
}
