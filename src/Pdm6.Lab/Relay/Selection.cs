namespace Pdm6.Lab;

/// <summary>
/// Which packets of a direction an impairment befalls. The three ways add up; with none of them, no packet.
/// Ordinals begin at 1.
/// </summary>
public sealed record Selection
{
    /// <summary>Each packet with this probability, 0 to 1.</summary>
    public double Probability { get; init; }

    /// <summary>Every so many-th packet; 0 for none.</summary>
    public long Every { get; init; }

    /// <summary>Exactly these packets.</summary>
    public IReadOnlyList<long> Ordinals { get; init; } = [];

    /// <summary>No packet at all.</summary>
    public static Selection None { get; } = new();

    /// <summary>Exactly these packets.</summary>
    public static Selection Of(params IReadOnlyList<long> ordinals) => new() { Ordinals = ordinals };

    /// <summary>True if some packet may be chosen.</summary>
    public bool IsAny => Probability > 0 || Every > 0 || Ordinals.Count > 0;

    internal void Validate(string name)
    {
        if (!(Probability is >= 0 and <= 1))
            throw new RelayConfigurationException($"{name}.probability must be between 0 and 1.");
        if (Every < 0)
            throw new RelayConfigurationException($"{name}.every must not be negative.");
        if (Ordinals.Any(ordinal => ordinal < 1))
            throw new RelayConfigurationException($"{name}.ordinals begin at 1.");
    }
}
