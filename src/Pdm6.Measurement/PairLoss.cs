namespace Pdm6.Measurement;

/// <summary>Options sent against options received.</summary>
/// <param name="Sent">Options that senders reported.</param>
/// <param name="Distinct">Numbers that were observed at the far end.</param>
/// <param name="Lost">Sent and not observed, each key for itself: an unreported number of one pair cannot hide a lost
/// one of another. Packets still under way count until they arrive.</param>
/// <param name="Unreported">Observed beyond what was reported: the sender's report is behind, or never came.</param>
public readonly record struct PairLoss(ulong Sent, ulong Distinct, ulong Lost, ulong Unreported)
{
    internal PairLoss With(ulong sent, ulong distinct) => new(
        Sent + sent, Distinct + distinct,
        Lost + (sent > distinct ? sent - distinct : 0), Unreported + (distinct > sent ? distinct - sent : 0));
}
