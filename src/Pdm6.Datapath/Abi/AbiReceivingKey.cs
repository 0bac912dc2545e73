using System.Runtime.InteropServices;

namespace Pdm6.Datapath.Abi;

[AbiStruct("pdm6_receiving_key")]
[StructLayout(LayoutKind.Sequential)]
internal struct AbiReceivingKey
{
    public AbiKey Key;
    public ulong ContextOrder;
    public ulong EpochIndex;
    public ulong NotBeforeNs;
    public ulong NotAfterNs;
}
