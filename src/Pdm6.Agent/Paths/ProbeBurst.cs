namespace Pdm6.Agent.Paths;

/// <summary>Some forms, each sent some times, and the count of answers. Pure.</summary>
/// <param name="forms">What is sent in each round.</param>
/// <param name="rounds">How often.</param>
/// <param name="beginNs">When the first round is due, boot clock.</param>
internal sealed class ProbeBurst(IReadOnlyList<PathForm> forms, int rounds, ulong beginNs)
{
    /// <summary>Time between rounds.</summary>
    internal const ulong SpacingNs = 60_000_000;

    private readonly int[] _answers = new int[PathForms.All.Count];
    private int _sentRounds;
    private ulong _nextRoundNs = beginNs;

    /// <summary>When it began.</summary>
    internal ulong BeginNs { get; } = beginNs;

    /// <summary>What is sent in each round.</summary>
    internal IReadOnlyList<PathForm> Forms => forms;

    /// <summary>True if everything was sent.</summary>
    internal bool IsSent => _sentRounds == rounds;

    /// <summary>When the next round is due; after the last, when that was sent.</summary>
    internal ulong NextNs => IsSent ? _nextRoundNs - SpacingNs : _nextRoundNs;

    /// <summary>A round goes out now.</summary>
    internal void SendRound(ulong nowNs)
    {
        _sentRounds++;
        _nextRoundNs = nowNs + SpacingNs; // from now: what is late does not come in a bunch
    }

    /// <summary>An answer has come to one of them.</summary>
    internal void CountAnswer(PathForm form) => _answers[(int)form]++;

    /// <summary>How many were answered.</summary>
    internal int AnswersTo(PathForm form) => _answers[(int)form];

    /// <summary>True if anything was answered.</summary>
    internal bool IsAnswered => _answers.Any(answers => answers > 0);

    /// <summary>True if each form was answered so often.</summary>
    internal bool AllAnswered(int times) => forms.All(form => AnswersTo(form) >= times);
}
