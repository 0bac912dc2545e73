using System.Runtime.InteropServices;

namespace Pdm6.Datapath.Abi;

[AbiStruct("pdm6_path")]
[StructLayout(LayoutKind.Sequential)]
internal struct AbiPath
{
    public uint Lost;
    public uint Zero;
    public ulong UsedNs;
}
