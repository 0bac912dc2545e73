using System.Runtime.InteropServices;
using Pdm6.Wire;

namespace Pdm6.Datapath.Abi;

[AbiStruct("pdm6_frame_observation")]
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct AbiFrameObservation
{
    public AbiObservation Seen;
    public fixed byte Rest[UdpFrame.PdmFrameSize - AbiLimits.OptionSize];
    public uint Zero;

    internal readonly Observation ToObservation(long unixMinusBootNs)
    {
        Span<byte> octets = stackalloc byte[UdpFrame.PdmFrameSize];
        fixed (byte* front = Seen.Option, rest = Rest)
        {
            new ReadOnlySpan<byte>(front, AbiLimits.OptionSize).CopyTo(octets);
            new ReadOnlySpan<byte>(rest, UdpFrame.PdmFrameSize - AbiLimits.OptionSize).CopyTo(octets[AbiLimits.OptionSize..]);
        }
        return Seen.ToObservation(unixMinusBootNs) with { OptionLength = UdpFrame.PdmFrameSize, Option = OptionBytes.From(octets) };
    }
}
