namespace Pdm6.Capture.Analysis;

/// <summary>What came of signed announcements.</summary>
public sealed class AnnouncementTally
{
    /// <summary>How many refusals are told one by one.</summary>
    public const int MostReasons = 20;

    private readonly List<string> _reasons = [];

    /// <summary>Announcements whose secrets are in use.</summary>
    public int Used { get; private set; }

    /// <summary>Announcements in good order that are sealed to other analyzers.</summary>
    public int ForOthers { get; private set; }

    /// <summary>Announcements that are not to be believed.</summary>
    public int Refused { get; private set; }

    /// <summary>Why, a line each, for the first <see cref="MostReasons"/>.</summary>
    public IReadOnlyList<string> Reasons => _reasons;

    internal void CountUsed() => Used++;

    internal void CountForOthers() => ForOthers++;

    internal void Refuse(string? sender, string reason)
    {
        if (Refused++ < MostReasons)
            _reasons.Add($"An announcement that claims to be of '{sender ?? "nobody"}' is refused: {reason}");
    }
}
