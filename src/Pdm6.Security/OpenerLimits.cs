namespace Pdm6.Security;

/// <summary>Bounds of an opener's memory. Whatever is displaced is derived again when needed: bounds cost time, never
/// answers.</summary>
/// <param name="Contexts">Contexts held at once; a further one is refused.</param>
/// <param name="PairSecrets">Pair secrets kept, about 100 octets each.</param>
/// <param name="SessionKeys">Session keys kept, about 120 octets each; the busiest need one for each pair and
/// epoch.</param>
/// <param name="HotKeys">Expanded keys kept, about 400 octets each; rounded up to a power of two. More than fit the second
/// cache gain nothing.</param>
public sealed record OpenerLimits(
    int Contexts = 4096, int PairSecrets = 65_536, int SessionKeys = 131_072, int HotKeys = 1024)
{
    /// <summary>Bounds for one collector of a few thousand hosts.</summary>
    public static OpenerLimits Default { get; } = new();
}
