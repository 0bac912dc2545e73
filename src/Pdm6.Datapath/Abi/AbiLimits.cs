namespace Pdm6.Datapath.Abi;

/// <summary>The constants of <c>bpf/pdm6_abi.h</c>; a test compares them with the header.</summary>
internal static class AbiLimits
{
    internal const int MaxRules = 32;
    internal const int CgroupLevels = 4;
    internal const ushort NoRule = 0xffff;
    internal const int Portless = 65536;
    internal const int OptionSize = 40;
    internal const int Lanes = 32;
    internal const int LaneNumbers = 16384;
    internal const int FilterBits = 2048;
    internal const int BusyAfter = 1024;
    internal const int Paths = 65536;
    internal const int PathPort = 8653;
}
