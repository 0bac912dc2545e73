using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;

namespace Pdm6.Wire;

/// <summary>One PDM-carrying packet seen at one host, with that host's clock.</summary>
/// <param name="Flow">The flow of the packet.</param>
/// <param name="ObservedAtNs">Unix time at the observer, nanoseconds.</param>
/// <param name="Verdict">What the observer made of the option.</param>
/// <param name="Rule">Index of the observer's own policy rule that the reverse flow falls under;
/// <see cref="NoRule"/> if none.</param>
/// <param name="HopLimit">Hop limit as received.</param>
/// <param name="PayloadLength">Octets behind the upper-layer header.</param>
/// <param name="TcpFlags">TCP flags octet; 0 for other protocols.</param>
/// <param name="TcpSequence">TCP sequence number; 0 for other protocols.</param>
/// <param name="UpperChecksum">The upper layer's checksum field as received; 0 where there is none.</param>
/// <param name="HasSent">True if the observer had sent a PDM packet in the reverse flow before.</param>
/// <param name="LastSentPsntp">The PSNTP of that packet.</param>
/// <param name="SinceSentNs">Time since it was sent: the DTLS that the observer's next packet would carry, known at
/// once. For an accepted observation only.</param>
/// <param name="OptionLength">Octets of <paramref name="Option"/> in use.</param>
/// <param name="Option">The option as it was on the wire; see <see cref="Carriage"/>.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct Observation(
    in FlowKey Flow, ulong ObservedAtNs, ObservationVerdict Verdict, ushort Rule, byte HopLimit, ushort PayloadLength,
    byte TcpFlags, uint TcpSequence, ushort UpperChecksum, bool HasSent, uint LastSentPsntp, ulong SinceSentNs,
    byte OptionLength, in OptionBytes Option)
{
    /// <summary><see cref="Rule"/> of an observation that no rule covers.</summary>
    public const ushort NoRule = 0xffff;

    private readonly FlowKey _flow = Flow;
    private readonly OptionBytes _option = Option;

    /// <summary>The flow of the packet.</summary>
    public FlowKey Flow
    {
        get => _flow;
        init => _flow = value;
    }

    /// <summary>The same without a copy.</summary>
    [UnscopedRef]
    public ref readonly FlowKey FlowInPlace => ref _flow;

    /// <summary>True if the option was behind a UDP datagram.</summary>
    public bool IsUdpOption => Carriage is ObservationCarriage.UdpOption or ObservationCarriage.UdpOptionClear;

    /// <summary>True if the option is a whole udp-frame.</summary>
    public bool IsUdpFrame => Carriage == ObservationCarriage.UdpFrame;

    /// <summary>What carried the option. A UDP option is held from its ExID on: its kind and length follow from the
    /// length of the rest (<see cref="UdpOptionView.TryReadObserved"/>).</summary>
    public ObservationCarriage Carriage { get; init; }

    /// <summary>The option as it was on the wire.</summary>
    public OptionBytes Option
    {
        get => _option;
        init => _option = value;
    }

    /// <summary>The octets of <see cref="Option"/> in use, without a copy.</summary>
    /// <exception cref="ArgumentOutOfRangeException"><see cref="OptionLength"/> exceeds 68.</exception>
    [UnscopedRef]
    public ReadOnlySpan<byte> OptionOctets => ((ReadOnlySpan<byte>)_option)[..OptionLength];
}
