using System.Runtime.InteropServices;
using Pdm6.Wire;

namespace Pdm6.Datapath.Abi;

[AbiStruct("pdm6_prefix")]
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct AbiPrefix
{
    public uint PrefixLength;
    public fixed byte Address[16];

    internal static AbiPrefix From(in Ipv6Prefix prefix)
    {
        AbiPrefix abi = new() { PrefixLength = (uint)prefix.Length };
        prefix.Address.Write(new Span<byte>(abi.Address, 16));
        return abi;
    }
}
