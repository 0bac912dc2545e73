using Pdm6.Wire;

namespace Pdm6.Security.Opening;

/// <summary>Whose a session key is.</summary>
/// <param name="Context">The opener's own number of the context, never used twice.</param>
/// <param name="Epoch">The epoch as on the wire.</param>
/// <param name="Source">The sender.</param>
/// <param name="Destination">The final destination.</param>
internal readonly record struct SessionId(uint Context, ushort Epoch, Ipv6Address Source, Ipv6Address Destination)
{
    public PairId Pair => new(Context, Source, Destination);

    public override int GetHashCode() => SeededHash.Of(Source, Destination, (ulong)Context << 16 | Epoch);
}
