using System.Runtime.InteropServices;

namespace Pdm6.Datapath.Abi;

[AbiStruct("pdm6_offer_request")]
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct AbiOfferRequest
{
    public fixed byte Ethernet[14];
    public fixed byte Zero[2];
    public uint First;
    public uint Count;
}
