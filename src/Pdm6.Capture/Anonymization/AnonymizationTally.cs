namespace Pdm6.Capture.Anonymization;

/// <summary>What an anonymization came to.</summary>
/// <param name="Written">Packets in the copy.</param>
/// <param name="LeftOut">Frames that are no IPv6: not in the copy.</param>
public readonly record struct AnonymizationTally(long Written, long LeftOut)
{
    /// <summary>The whole in one line for people.</summary>
    public override string ToString() => $"wrote {Written} packets, left out {LeftOut} frames that are not IPv6";
}
