using System.Runtime.InteropServices;
using Pdm6.Wire;

namespace Pdm6.Datapath.Abi;

[AbiStruct("pdm6_pair")]
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct AbiPair
{
    public fixed byte Source[16];
    public fixed byte Destination[16];

    internal static AbiPair From(in AddressPair pair)
    {
        AbiPair abi = default;
        pair.Source.Write(new Span<byte>(abi.Source, 16));
        pair.Destination.Write(new Span<byte>(abi.Destination, 16));
        return abi;
    }

    internal readonly AddressPair ToAddressPair()
    {
        fixed (byte* source = Source, destination = Destination)
            return new AddressPair(
                Ipv6Address.Read(new ReadOnlySpan<byte>(source, 16)), Ipv6Address.Read(new ReadOnlySpan<byte>(destination, 16)));
    }
}
