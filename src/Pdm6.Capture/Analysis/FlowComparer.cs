using System.Security.Cryptography;
using Pdm6.Wire;

namespace Pdm6.Capture.Analysis;

/// <summary>Hashes flows in three multiplications, with seeds of its own: who chooses addresses and ports cannot choose
/// collisions.</summary>
internal sealed class FlowComparer : IEqualityComparer<FlowKey>
{
    private readonly ulong _seed0 = NewSeed(), _seed1 = NewSeed(), _seed2 = NewSeed(), _seed3 = NewSeed(), _seed4 = NewSeed();

    public bool Equals(FlowKey x, FlowKey y) =>
        x.Source.Value == y.Source.Value && x.Destination.Value == y.Destination.Value && EndsOf(x) == EndsOf(y);

    public int GetHashCode(FlowKey flow)
    {
        UInt128 source = flow.Source.Value, destination = flow.Destination.Value;
        ulong first = Fold((ulong)source ^ _seed0, (ulong)(source >> 64) ^ _seed1);
        ulong second = Fold((ulong)destination ^ _seed2, (ulong)(destination >> 64) ^ _seed3);
        return (int)Fold(first ^ EndsOf(flow), second ^ _seed4);
    }

    private static ulong EndsOf(in FlowKey flow) =>
        (ulong)flow.Protocol << 32 | (uint)flow.SourcePort << 16 | flow.DestinationPort;

    private static ulong Fold(ulong left, ulong right) => Math.BigMul(left, right, out ulong low) ^ low;

    private static ulong NewSeed() => BitConverter.ToUInt64(RandomNumberGenerator.GetBytes(sizeof(ulong)));
}
