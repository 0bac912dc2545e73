using System.Runtime.InteropServices;

namespace Pdm6.Datapath.Abi;

[AbiStruct("pdm6_flow_state")]
[StructLayout(LayoutKind.Sequential)]
internal struct AbiFlowState
{
    public uint Lock;
    public uint Dead;
    public uint Slot;
    public uint Birth;
    public AbiFlow Flow;
    public ulong Serial;
    public ulong TakenInSerial;
    public ulong SentNs;
    public ulong ReceivedNs;
    public ulong AcceptedOrder;
    public ulong AcceptedIndex;
    public uint AcceptedPsntp;
    public uint NextPsntp;
    public uint ReceivedSinceSent;
    public uint Lane;
    public ulong PreparedSerial;
    public uint PreparedFirst;
    public uint PreparedEnd;
    public uint PreparedCarriage;
    public uint Zero;
    public ulong NextTokenNs;
}
