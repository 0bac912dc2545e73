using System.Runtime.InteropServices;

namespace Pdm6.Datapath.Abi;

[AbiStruct("pdm6_receiving_key_id")]
[StructLayout(LayoutKind.Sequential)]
internal struct AbiReceivingKeyId
{
    public AbiPair Pair;
    public uint Epoch;
    public uint Generation;
}
