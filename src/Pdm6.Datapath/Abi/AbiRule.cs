using System.Runtime.InteropServices;

namespace Pdm6.Datapath.Abi;

[AbiStruct("pdm6_rule")]
[StructLayout(LayoutKind.Sequential)]
internal struct AbiRule
{
    public uint SampleOneIn;
    public uint Zero;
}
