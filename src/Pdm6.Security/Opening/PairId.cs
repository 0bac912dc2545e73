using Pdm6.Wire;

namespace Pdm6.Security.Opening;

/// <summary>Whose a pair secret is.</summary>
/// <param name="Context">The opener's own number of the context, never used twice.</param>
/// <param name="Source">The sender.</param>
/// <param name="Destination">The final destination.</param>
internal readonly record struct PairId(uint Context, Ipv6Address Source, Ipv6Address Destination)
{
    public override int GetHashCode() => SeededHash.Of(Source, Destination, Context);
}
