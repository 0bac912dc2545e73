using Pdm6.Fuzz.Engine;
using Pdm6.Wire;

namespace Pdm6.Fuzz.Targets;

/// <summary><see cref="FlowKey"/>: decode then encode is the identity, and so is reversing twice.</summary>
internal sealed class FlowKeyTarget : FuzzTarget
{
    public override string Name => "flow-key";
    public override int LargestInput => 64;

    public override IEnumerable<byte[]> Seeds => new[] { NextHeader.Udp, NextHeader.Icmpv6, NextHeader.Tcp }.Select(protocol =>
    {
        byte[] octets = new byte[FlowKey.Size];
        (Samples.Flow with { Protocol = protocol, SourcePort = 128 << 8 }).Write(octets);
        return octets;
    });

    public override IReadOnlyList<byte[]> Tokens => Samples.Tokens;

    public override FuzzOutcome Run(ReadOnlySpan<byte> input)
    {
        if (input.Length < FlowKey.Size)
            return default; // a caller's mistake
        FlowKey flow = FlowKey.Read(input);
        Span<byte> again = stackalloc byte[FlowKey.Size];
        flow.Write(again);
        Expect.Equal(input[..FlowKey.Size], again, "decode then encode is the identity");
        bool hasReverse = flow.TryReverse(out FlowKey reverse);
        Expect.That(hasReverse == (flow.Protocol != NextHeader.Icmpv6 || flow.IsEcho), "of ICMPv6 only echo has a reverse");
        Expect.That(!hasReverse || (reverse.TryReverse(out FlowKey back) && back == flow), "the reverse of the reverse is the flow");
        return new FuzzOutcome(hasReverse, flow.Protocol * 4 + (flow.IsEcho ? 2 : 0) + (hasReverse ? 1 : 0));
    }
}
