using System.Runtime.InteropServices;

namespace Pdm6.Datapath.Abi;

[AbiStruct("pdm6_settings")]
[StructLayout(LayoutKind.Sequential)]
internal struct AbiSettings
{
    public uint Policy;
    public uint Pairs;
    public uint OptionType;
    public uint PathMtu;
    public uint Strip;
    public uint ReportUnknownPairs;
    public uint ReportBusyFlows;
    public uint AcceptClear;
    public uint UdpExid;
}
