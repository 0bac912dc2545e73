using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Pdm6.Wire;

namespace Pdm6.Datapath.Abi;

[AbiStruct("pdm6_observation")]
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct AbiObservation
{
    public uint Kind;
    public ushort Rule;
    public byte Verdict;
    public byte HopLimit;
    public AbiFlow Flow;
    public ulong ObservedNs;
    public ulong SinceSentNs;
    public uint LastSentPsntp;
    public uint HasSent;
    public uint TcpSequence;
    public uint PayloadLength;
    public ushort UpperChecksum;
    public byte TcpFlags;
    public byte OptionLength;
    public fixed byte Option[AbiLimits.OptionSize];
    public byte Carriage;
    public fixed byte Zero[3];

    internal readonly Observation ToObservation(long unixMinusBootNs)
    {
        fixed (byte* option = Option)
            return new Observation(
                Flow.ToFlowKey(),
                ObservedAtNs: unchecked(ObservedNs + (ulong)unixMinusBootNs),
                Verdict: (ObservationVerdict)Verdict,
                Rule: Rule,
                HopLimit: HopLimit,
                // A super-packet put together by the network card can be longer than 16 bits can say.
                PayloadLength: (ushort)Math.Min(PayloadLength, ushort.MaxValue),
                TcpFlags: TcpFlags,
                TcpSequence: TcpSequence,
                UpperChecksum: BitConverter.IsLittleEndian
                    ? BinaryPrimitives.ReverseEndianness(UpperChecksum) : UpperChecksum,
                HasSent: HasSent != 0,
                LastSentPsntp: LastSentPsntp,
                SinceSentNs: SinceSentNs,
                OptionLength: Math.Min(OptionLength, (byte)AbiLimits.OptionSize),
                Option: OptionBytes.From(new ReadOnlySpan<byte>(option, AbiLimits.OptionSize)))
            {
                Carriage = (ObservationCarriage)Carriage,
            };
    }
}
