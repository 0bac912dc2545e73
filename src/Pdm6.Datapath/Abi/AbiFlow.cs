using System.Runtime.InteropServices;
using Pdm6.Wire;

namespace Pdm6.Datapath.Abi;

[AbiStruct("pdm6_flow")]
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct AbiFlow
{
    public fixed byte Source[16];
    public fixed byte Destination[16];
    public ushort SourcePort, DestinationPort;
    public byte Protocol;
    public fixed byte Zero[3];

    internal static AbiFlow From(in FlowKey flow)
    {
        AbiFlow abi = new() { SourcePort = flow.SourcePort, DestinationPort = flow.DestinationPort, Protocol = flow.Protocol };
        flow.Source.Write(new Span<byte>(abi.Source, 16));
        flow.Destination.Write(new Span<byte>(abi.Destination, 16));
        return abi;
    }

    internal readonly FlowKey ToFlowKey()
    {
        fixed (byte* source = Source, destination = Destination)
            return new FlowKey(
                Ipv6Address.Read(new ReadOnlySpan<byte>(source, 16)), Ipv6Address.Read(new ReadOnlySpan<byte>(destination, 16)),
                Protocol, SourcePort, DestinationPort);
    }
}
