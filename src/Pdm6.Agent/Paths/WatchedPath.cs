using Pdm6.Datapath;

namespace Pdm6.Agent.Paths;

/// <summary>
/// What one destination's path carries, as far as asking shows. Pure: time is an argument, and somebody else sends.
/// <para>While all is well, each form in use is tried every <see cref="QuietNs"/>. One without an answer is a suspicion:
/// five rounds of every form, and of plain packets, follow at once. A form of which none was answered, while at least
/// three plain ones were, is lost: it is tried again after <see cref="FirstTrialNs"/>, then after twice as long, and so
/// on to <see cref="LongestTrialNs"/>. Three answers out of three, and it is in use again. Where plain packets are not
/// answered either, nothing is said about forms: the host is down, or no agent is there.</para>
/// </summary>
internal sealed class WatchedPath(WatchedForms forms, ulong nowNs)
{
    /// <summary>Between two tries of what is in use.</summary>
    internal const ulong QuietNs = 300_000_000;
    /// <summary>Between two tries where nothing is answered.</summary>
    internal const ulong UnansweredQuietNs = 2_000_000_000;
    /// <summary>How long an answer may take at least and at most; between these, twice as long as answers took.</summary>
    internal const ulong LeastPatienceNs = 200_000_000, MostPatienceNs = 1_000_000_000;
    /// <summary>When a lost form is tried again: the first pause, and the longest.</summary>
    internal const ulong FirstTrialNs = 2_000_000_000, LongestTrialNs = 60_000_000_000;

    private const int SuspicionRounds = 5, TrialRounds = 3;
    private const int PlainAnswersForAVerdict = 3;

    private enum Purpose { Quiet, Suspicion, Trial }

    // The first packets to a destination may be lost already: so ask at once.
    private ProbeBurst? _burst = Suspicion(forms, 0, nowNs);
    private Purpose _purpose = Purpose.Suspicion;
    private ulong _nextQuietNs, _nextTrialNs, _returnedNs;
    private ulong _trialPauseNs = FirstTrialNs;
    private ulong _roundTripNs;

    /// <summary>Between two tries of what is in use: <see cref="QuietNs"/>, or longer where many paths are watched.</summary>
    internal ulong QuietPauseNs { get; set; } = QuietNs;

    /// <summary>What the policy puts on packets: another one may.</summary>
    internal WatchedForms Forms { get; set; } = forms;

    /// <summary>What does not arrive, or not with all that was on it.</summary>
    internal LostForms Lost { get; private set; }

    /// <summary>False if nothing is answered, so that nothing can be told.</summary>
    internal bool IsAnswered { get; private set; }

    /// <summary>When a lost form is tried again, boot clock.</summary>
    internal ulong NextTrialNs => _nextTrialNs;

    /// <summary>When <see cref="Advance"/> has something to do, boot clock.</summary>
    internal ulong NextNs => _burst switch
    {
        { IsSent: false } => _burst.NextNs,
        { } => _burst.NextNs + PatienceNs,
        null when Lost != 0 => Math.Min(_nextQuietNs, _nextTrialNs),
        null => _nextQuietNs,
    };

    private ulong PatienceNs => Math.Clamp(2 * _roundTripNs, LeastPatienceNs, MostPatienceNs);

    /// <summary>Does what is due.</summary>
    /// <param name="nowNs">Boot clock.</param>
    /// <param name="burst">What answers are to be counted in.</param>
    /// <returns>True if <paramref name="burst"/>'s forms are to be sent now, once each.</returns>
    internal bool Advance(ulong nowNs, out ProbeBurst? burst)
    {
        if (_burst is { IsSent: true } && nowNs >= NextNs)
            Judge(_burst, nowNs);
        if (_burst is null && Lost != 0 && nowNs >= _nextTrialNs)
            Begin(Purpose.Trial, new ProbeBurst([PathForm.Plain, .. (Lost & Forms.All).Each().Select(PathForms.Of)], TrialRounds, nowNs));
        if (_burst is null && nowNs >= _nextQuietNs)
            BeginQuiet(nowNs);
        burst = _burst;
        if (burst is null || burst.IsSent || nowNs < burst.NextNs)
            return false;
        burst.SendRound(nowNs);
        return true;
    }

    /// <summary>An answer has come.</summary>
    /// <param name="burst">As <see cref="Advance"/> gave it.</param>
    /// <param name="form">To what.</param>
    /// <param name="roundTripNs">After how long.</param>
    internal void Answer(ProbeBurst burst, PathForm form, ulong roundTripNs)
    {
        // Slowly down: one fast answer does not make the next slow one late.
        _roundTripNs = Math.Max(roundTripNs, _roundTripNs - _roundTripNs / 16);
        burst.CountAnswer(form);
    }

    private static ProbeBurst Suspicion(WatchedForms forms, LostForms lost, ulong nowNs) =>
        new([PathForm.Plain, .. (forms.All & ~lost).Each().Select(PathForms.Of)], SuspicionRounds, nowNs);

    private void Begin(Purpose purpose, ProbeBurst burst) => (_purpose, _burst) = (purpose, burst);

    private void BeginQuiet(ulong nowNs)
    {
        PathForm[] quiet = [.. Forms.InUse(Lost).Each().Select(PathForms.Of)];
        if (!IsAnswered)
            quiet = [PathForm.Plain, .. quiet];
        if (quiet.Length == 0)
            _nextQuietNs = nowNs + QuietPauseNs; // everything is lost, and trials go on
        else
            Begin(Purpose.Quiet, new ProbeBurst(quiet, 1, nowNs));
    }

    private void Judge(ProbeBurst burst, ulong nowNs)
    {
        _burst = null;
        _nextQuietNs = nowNs + QuietPauseNs;
        switch (_purpose)
        {
            case Purpose.Quiet:
                JudgeQuiet(burst, nowNs);
                break;
            case Purpose.Suspicion:
                JudgeSuspicion(burst, nowNs);
                break;
            default:
                JudgeTrial(burst, nowNs);
                break;
        }
    }

    private void JudgeQuiet(ProbeBurst burst, ulong nowNs)
    {
        if (IsAnswered && burst.AllAnswered(1))
            _nextQuietNs = Math.Max(nowNs, burst.BeginNs + QuietPauseNs);
        else if (IsAnswered || burst.IsAnswered)
            Begin(Purpose.Suspicion, Suspicion(Forms, Lost, nowNs));
        else
            _nextQuietNs = nowNs + UnansweredQuietNs;
    }

    private void JudgeSuspicion(ProbeBurst burst, ulong nowNs)
    {
        IsAnswered = burst.IsAnswered;
        if (!IsAnswered)
        {
            _nextQuietNs = nowNs + UnansweredQuietNs;
            return;
        }
        if (burst.AnswersTo(PathForm.Plain) < PlainAnswersForAVerdict)
            return; // much is lost, whatever it has on it
        LostForms lost = (Forms.All & ~Lost).Each().Where(single => burst.AnswersTo(PathForms.Of(single)) == 0).Aggregate((LostForms)0, (all, single) => all | single);
        if (lost == 0)
            return;
        // What was lost, came back and is lost again soon is not believed so soon the next time.
        if (Lost == 0)
            _trialPauseNs = _returnedNs != 0 && nowNs - _returnedNs < LongestTrialNs ? Math.Min(2 * _trialPauseNs, LongestTrialNs) : FirstTrialNs;
        Lost |= lost;
        _nextTrialNs = nowNs + _trialPauseNs;
    }

    private void JudgeTrial(ProbeBurst burst, ulong nowNs)
    {
        bool isAnswered = burst.IsAnswered;
        LostForms returned = Lost.Each().Where(single => burst.AnswersTo(PathForms.Of(single)) == TrialRounds).Aggregate((LostForms)0, (all, single) => all | single);
        Lost &= ~returned;
        if (Lost == 0)
            _returnedNs = nowNs;
        else if (isAnswered)
            _trialPauseNs = Math.Min(2 * _trialPauseNs, LongestTrialNs);
        _nextTrialNs = nowNs + _trialPauseNs;
    }
}
