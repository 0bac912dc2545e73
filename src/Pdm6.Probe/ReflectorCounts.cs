namespace Pdm6.Probe;

/// <summary>What a reflector counted of one prober's requests: the truth about the way there.</summary>
/// <param name="Accepted">Distinct requests that arrived.</param>
/// <param name="Limited">Of these, not answered because their source asked too often.</param>
/// <param name="Duplicated">Further copies of requests that had arrived.</param>
/// <param name="Reordered">Requests that arrived after one with a higher number (RFC 4737).</param>
public readonly record struct ReflectorCounts(uint Accepted, uint Limited, uint Duplicated, uint Reordered)
{
    /// <summary>Replies that it sent.</summary>
    public uint Answered => Accepted - Limited;
}
